-- A note is not changed or taken back: what was known when somebody decided stays to be read.
CREATE TRIGGER case_note_is_not_changed BEFORE UPDATE ON case_note
BEGIN SELECT RAISE(ABORT, 'a note is not changed'); END

CREATE TRIGGER case_note_stays BEFORE DELETE ON case_note
BEGIN SELECT RAISE(ABORT, 'a note stays'); END
