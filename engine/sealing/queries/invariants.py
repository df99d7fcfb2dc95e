"""What holds of seals at every moment."""

INVARIANTS = {
    "a seal stands on an application that was made": (
        "SELECT s.id FROM seal s JOIN seal_application a ON a.id = s.application_id"
        " WHERE a.status <> 'made' OR COALESCE(a.enterprise_id, '') <> COALESCE(s.enterprise_id, '')"
    ),
    "an active seal is a signed object": (
        "SELECT id FROM seal WHERE status NOT IN ('making', 'deleted')"
        " AND (ses IS NULL OR certificates = '[]')"
    ),
    "living seals of an enterprise differ in name, but for the one that replaces the other": (
        "SELECT s.id FROM seal s JOIN seal o ON o.enterprise_id = s.enterprise_id"
        " AND o.name = s.name AND o.id > s.id"
        " WHERE s.status IN ('making', 'active', 'suspended')"
        " AND o.status IN ('making', 'active', 'suspended')"
        " AND COALESCE(o.replaces, '') <> s.id AND COALESCE(s.replaces, '') <> o.id"
    ),
    "a seal that was replaced has given way to a seal that was made": (
        "SELECT s.id FROM seal s WHERE s.status = 'replaced'"
        " AND NOT EXISTS (SELECT 1 FROM seal n WHERE n.replaces = s.id AND n.ses IS NOT NULL)"
    ),
    "a person has at most three seals of their own": (
        "SELECT account_id AS id FROM seal WHERE enterprise_id IS NULL"
        " AND status IN ('making', 'active', 'suspended')"
        " AND replaces IS NULL GROUP BY account_id HAVING COUNT(*) > 3"
    ),
    "a seal that ended is entrusted to nobody": (
        "SELECT d.id FROM seal_delegation d JOIN seal s ON s.id = d.seal_id"
        " WHERE d.status = 'active' AND s.status IN ('replaced', 'deleted')"
    ),
    "a seal is entrusted to members of its enterprise alone": (
        "SELECT d.id FROM seal_delegation d JOIN seal s ON s.id = d.seal_id"
        " WHERE COALESCE(s.enterprise_id, '') <> d.enterprise_id OR (d.status = 'active'"
        " AND NOT EXISTS (SELECT 1 FROM membership m WHERE m.enterprise_id = d.enterprise_id"
        " AND m.account_id = d.account_id AND m.status = 'active'))"
    ),
    "what was used by delegation was delegated": (
        "SELECT u.id FROM seal_use u JOIN seal_delegation d ON d.id = u.delegation_id"
        " WHERE d.seal_id <> u.seal_id OR d.account_id <> u.account_id OR u.created_at < d.created_at"
    ),
    "a seal with a filing number was filed": (
        "SELECT s.id FROM seal s WHERE s.filing_number <> '' AND NOT EXISTS (SELECT 1"
        " FROM seal_filing f WHERE f.seal_id = s.id AND f.status = 'filed'"
        " AND f.number = s.filing_number)"
    ),
}
