-- A posting is closed by its header, which the database takes only when its lines add up to zero; a line without a
-- header never commits (deferred foreign key), a closed posting takes no more lines, and nothing is changed after.
CREATE FUNCTION refuse_open_posting() RETURNS trigger AS $$
BEGIN
IF (SELECT COUNT(*) FROM ledger_line WHERE posting_id = NEW.id) < 2
OR (SELECT SUM(amount_fen) FROM ledger_line WHERE posting_id = NEW.id) <> 0
THEN RAISE EXCEPTION 'a posting adds up to zero'; END IF;
RETURN NEW;
END; $$ LANGUAGE plpgsql

CREATE TRIGGER ledger_posting_adds_up BEFORE INSERT ON ledger_posting
FOR EACH ROW EXECUTE FUNCTION refuse_open_posting()

CREATE FUNCTION refuse_later_line() RETURNS trigger AS $$
BEGIN
IF EXISTS (SELECT 1 FROM ledger_posting WHERE id = NEW.posting_id)
THEN RAISE EXCEPTION 'a closed posting takes no more lines'; END IF;
RETURN NEW;
END; $$ LANGUAGE plpgsql

CREATE TRIGGER ledger_line_before_its_posting BEFORE INSERT ON ledger_line
FOR EACH ROW EXECUTE FUNCTION refuse_later_line()

CREATE FUNCTION refuse_changed_ledger() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'the ledger is append-only'; END; $$ LANGUAGE plpgsql

CREATE TRIGGER ledger_line_is_not_changed BEFORE UPDATE OR DELETE ON ledger_line
FOR EACH ROW EXECUTE FUNCTION refuse_changed_ledger()

CREATE TRIGGER ledger_posting_is_not_changed BEFORE UPDATE OR DELETE ON ledger_posting
FOR EACH ROW EXECUTE FUNCTION refuse_changed_ledger()
