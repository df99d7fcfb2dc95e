-- A note is not changed or taken back: what was known when somebody decided stays to be read.
CREATE FUNCTION refuse_changed_note() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'a note is not changed'; END; $$ LANGUAGE plpgsql

CREATE TRIGGER case_note_is_not_changed BEFORE UPDATE OR DELETE ON case_note
FOR EACH ROW EXECUTE FUNCTION refuse_changed_note()
