-- An approval is never its maker's, nor that of anybody who took part: raw SQL is refused too.
CREATE TRIGGER case_approval_by_others BEFORE INSERT ON case_approval
WHEN EXISTS (
    SELECT 1 FROM review_case one WHERE one.id = NEW.case_id
    AND (one.maker = NEW.staff OR one.excluded LIKE '%"' || NEW.staff || '"%')
)
BEGIN SELECT RAISE(ABORT, 'maker is never checker'); END

CREATE TRIGGER case_approval_is_not_changed BEFORE UPDATE ON case_approval
BEGIN SELECT RAISE(ABORT, 'an approval is not changed'); END
