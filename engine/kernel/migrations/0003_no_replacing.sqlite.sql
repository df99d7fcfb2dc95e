-- INSERT OR REPLACE removes a row without firing its DELETE trigger, so the log refuses a taken number itself.

CREATE TRIGGER event_is_not_replaced BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
