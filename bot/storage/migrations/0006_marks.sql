-- Marks of handled updates, for some days. Each is made with its person's key, and says nothing once that is gone; that
-- of the update that forgot a person is made with the root. Of the time only the day is kept.
DROP INDEX updates_at;

UPDATE updates SET at = at - at % 86400000000;
