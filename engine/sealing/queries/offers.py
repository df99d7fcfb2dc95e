"""What may be applied for now, and why not, where not (SEA-1, SEA-3)."""

from __future__ import annotations

from engine.issuing import queries as certificates
from engine.kernel import errors
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.registration import model as registration
from engine.registration import queries as people
from engine.sealing import model, store

ADMINISTRATOR = (registration.MemberRole.ADMINISTRATOR,)


class KindNotOffered(errors.InvalidInput):
    """This kind of seal cannot be applied for here."""


class SealExists(errors.Conflict):
    """There are as many seals of this kind already as there may be: {most}. Change or delete one first."""


class NameTaken(errors.Conflict):
    """Another seal of the enterprise is called “{name}”. Choose another name."""


class NoIndividualCertificate(errors.PolicyRefused):
    """A personal seal needs an individual certificate of your own. Get one first."""


def rule_of(q: Reader, kind: str) -> policies.SealKindRule:
    """What holds for a kind.

    Raises: KindNotOffered.
    """
    found = q.policies(policies.SealKindRule).get(kind)
    if found is None:
        raise KindNotOffered(field="kind")
    return found


def label(q: Reader, kind: str) -> str:
    """What a kind is called in Chinese, as it stands on forms and in signed objects."""
    return rule_of(q, kind).label.zh


def size_of(q: Reader, kind: str, size: str) -> model.Size:
    """The size of a seal of a kind; one without a size has the kind's first."""
    rule = rule_of(q, kind)
    return model.size_of(rule, size or rule.sizes_mm[0])


def full_name(q: Reader, found: model.Seal | model.SealApplication) -> str:
    """A seal's name in the signed object: the enterprise's, and what the seal is for.

    The seal of a person says whose kind it is and no name: that stands on the picture alone.
    """
    rule = rule_of(q, found.kind)
    if found.enterprise_id is None or rule.bears not in ("enterprise", "hand"):
        return found.name
    enterprise = people.enterprise(q, found.enterprise_id).name
    return found.name if found.name.startswith(enterprise) else enterprise + found.name


def personal_certificates(q: Reader, account_id: str) -> list[str]:
    """Ids of a person's own usable certificates: individual ones, of no enterprise."""
    return [
        one.id
        for one in certificates.living(q, account_id)
        if one.enterprise_id is None and one.usable(q.now)
    ]


def kinds(q: Reader, enterprise_id: str = "") -> list[model.KindOffered]:
    """Every kind that could be applied for, with its choices, and why it cannot be now.

    Without an enterprise: the kinds of a person's own seals. Raises: NotAMember.
    """
    administers = True
    if enterprise_id:
        administers = people.require_member(q, enterprise_id).role in ADMINISTRATOR
    return [
        _offered(q, enterprise_id, kind, rule, administers)
        for kind, rule in q.policies(policies.SealKindRule).items()
        if rule.personal is not bool(enterprise_id)
    ]


def _offered(
    q: Reader, enterprise_id: str, kind: str, rule: policies.SealKindRule, administers: bool
) -> model.KindOffered:
    account_id = people.person(q).account_id
    why_not = _why_not(q, enterprise_id, account_id, kind, rule)
    return model.KindOffered(
        kind=kind,
        label=rule.label,
        route=rule.route,
        shape=rule.shape,
        sizes_mm=rule.sizes_mm,
        colours=rule.colours,
        line=rule.line,
        usual_name=usual_name(q, enterprise_id, account_id, kind),
        named=rule.route != "first",
        at_most=rule.at_most,
        present=len(present(q, enterprise_id, account_id, kind)),
        why_not=why_not if administers else "administrator_only",
    )


def _why_not(
    q: Reader, enterprise_id: str, account_id: str, kind: str, rule: policies.SealKindRule
) -> str:
    here = present(q, enterprise_id, account_id, kind)
    if rule.personal:
        if people.account(q, account_id).real_name_at is None:
            return "not_real_named"
        if not personal_certificates(q, account_id):
            return "no_certificate"
    if rule.route == "first" and (here or not _had(q, enterprise_id, kind)):
        return "first_seals"
    return "most_reached" if len(here) >= rule.at_most else ""


def _had(q: Reader, enterprise_id: str, kind: str) -> bool:
    """Whether the enterprise's approval has ordered a seal of this kind, and it came to its end."""
    return store.newest_application(q, enterprise_id, kind) is not None


def present(
    q: Reader, enterprise_id: str, account_id: str, kind: str
) -> list[model.Seal | model.SealApplication]:
    """The living seals of a kind and the open applications for more; what replaces one is that one."""
    if enterprise_id:
        seals, asked = store.living(q, enterprise_id), store.open_of(q, enterprise_id)
    else:
        seals = store.living_of_person(q, account_id)
        asked = [one for one in store.open_applications(q, account_id) if not one.enterprise_id]
    there = {one.id for one in seals}
    # Both the old seal and the one that is being made in its place count as one.
    return [
        *(one for one in seals if one.kind == kind and one.replaces not in there),
        *(one for one in asked if one.kind == kind and one.purpose == "new"),
    ]


def require_offered(q: Reader, enterprise_id: str, account_id: str, kind: str) -> None:
    """A kind that can be applied for now with a form, or one of the first three that came to its end.

    Raises: KindNotOffered, SealExists, NoIndividualCertificate, NotRealNamed.
    """
    rule = rule_of(q, kind)
    if rule.route == "pad" or rule.personal is bool(enterprise_id):
        raise KindNotOffered(field="kind")
    require_room(q, enterprise_id, account_id, kind)


def require_room(q: Reader, enterprise_id: str, account_id: str, kind: str) -> None:
    """One more seal of a kind may be made for this owner.

    Raises: KindNotOffered, SealExists, NoIndividualCertificate, NotRealNamed.
    """
    rule = rule_of(q, kind)
    why_not = _why_not(q, enterprise_id, account_id, kind, rule)
    if why_not == "first_seals":
        raise KindNotOffered(field="kind")
    if why_not == "most_reached":
        raise SealExists(most=rule.at_most)
    if why_not == "no_certificate":
        raise NoIndividualCertificate()
    if why_not == "not_real_named":
        raise people.NotRealNamed()


def names_taken(q: Reader, enterprise_id: str, account_id: str, *, but: str = "") -> set[str]:
    """The names of an owner's living seals and open applications, but for one seal's own."""
    if enterprise_id:
        seals, asked = store.living(q, enterprise_id), store.open_of(q, enterprise_id)
    else:
        seals = store.living_of_person(q, account_id)
        asked = [one for one in store.open_applications(q, account_id) if not one.enterprise_id]
    return {
        *(one.name for one in seals if but not in (one.id, one.replaces) or not but),
        *(one.name for one in asked if not but or one.replaces != but),
    }


def usual_name(q: Reader, enterprise_id: str, account_id: str, kind: str) -> str:
    """What a seal is called where nobody chooses: the company seal like its enterprise, others by kind."""
    rule = rule_of(q, kind)
    if enterprise_id and rule.bears == "enterprise" and rule.route == "first":
        return people.enterprise(q, enterprise_id).name
    if rule.route == "first":
        return rule.label.zh
    taken = names_taken(q, enterprise_id, account_id)
    numbered = (f"{rule.label.zh}（{n}）" if n > 1 else rule.label.zh for n in range(1, 1000))
    return next(one for one in numbered if one not in taken)


def require_keeper(q: Reader, found: model.Seal) -> None:
    """Who may change a seal: its enterprise's administrator, or the person whose own it is.

    Raises: NotAMember, NotFound, NotPermitted.
    """
    account_id = people.person(q).account_id
    if found.enterprise_id is not None:
        people.require_member(q, found.enterprise_id, ADMINISTRATOR)
    elif found.account_id != account_id:
        raise errors.NotFound(what="seal")
