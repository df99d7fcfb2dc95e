-- An approval is never its maker's, nor that of anybody who took part: raw SQL is refused too.
CREATE FUNCTION refuse_own_approval() RETURNS trigger AS $$
BEGIN
IF EXISTS (
    SELECT 1 FROM review_case one WHERE one.id = NEW.case_id
    AND (one.maker = NEW.staff OR one.excluded LIKE '%"' || NEW.staff || '"%')
) THEN RAISE EXCEPTION 'maker is never checker'; END IF;
RETURN NEW;
END; $$ LANGUAGE plpgsql

CREATE TRIGGER case_approval_by_others BEFORE INSERT ON case_approval
FOR EACH ROW EXECUTE FUNCTION refuse_own_approval()

CREATE FUNCTION refuse_changed_approval() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'an approval is not changed'; END; $$ LANGUAGE plpgsql

CREATE TRIGGER case_approval_is_not_changed BEFORE UPDATE ON case_approval
FOR EACH ROW EXECUTE FUNCTION refuse_changed_approval()
