-- What came of a step, in one word of a closed set (bot/runtime/marking.py). What was logged before has none.
ALTER TABLE log ADD COLUMN mark TEXT NOT NULL DEFAULT '';
