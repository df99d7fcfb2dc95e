-- A posting is closed by its header, which the database takes only when its lines add up to zero; a line without a
-- header never commits (deferred foreign key), a closed posting takes no more lines, and nothing is changed after.
CREATE TRIGGER ledger_posting_adds_up BEFORE INSERT ON ledger_posting
WHEN (SELECT COUNT(*) FROM ledger_line WHERE posting_id = NEW.id) < 2
OR (SELECT SUM(amount_fen) FROM ledger_line WHERE posting_id = NEW.id) <> 0
BEGIN SELECT RAISE(ABORT, 'a posting adds up to zero'); END

CREATE TRIGGER ledger_line_before_its_posting BEFORE INSERT ON ledger_line
WHEN EXISTS (SELECT 1 FROM ledger_posting WHERE id = NEW.posting_id)
BEGIN SELECT RAISE(ABORT, 'a closed posting takes no more lines'); END

CREATE TRIGGER ledger_line_is_not_changed BEFORE UPDATE ON ledger_line
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END

CREATE TRIGGER ledger_line_stays BEFORE DELETE ON ledger_line
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END

CREATE TRIGGER ledger_posting_is_not_changed BEFORE UPDATE ON ledger_posting
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END

CREATE TRIGGER ledger_posting_stays BEFORE DELETE ON ledger_posting
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
