-- What is kept of people. Times are whole microseconds since 1970 in UTC.

CREATE TABLE persons (
    id       TEXT PRIMARY KEY,
    platform TEXT NOT NULL,
    chat     TEXT NOT NULL,
    revision INTEGER NOT NULL,
    session  TEXT NOT NULL,
    UNIQUE (platform, chat)
) STRICT;

-- Fingerprints of handled updates. Only the one that forgot a person outlives them, with no person in it.
CREATE TABLE updates (
    fingerprint TEXT PRIMARY KEY,
    person      TEXT REFERENCES persons ON DELETE CASCADE,
    at          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX updates_person ON updates (person);

CREATE INDEX updates_at ON updates (at);

-- Committed, not yet delivered. A farewell has no person any more. AUTOINCREMENT: numbers only grow.
CREATE TABLE outbox (
    number   INTEGER PRIMARY KEY AUTOINCREMENT,
    key      TEXT NOT NULL UNIQUE,
    person   TEXT REFERENCES persons ON DELETE CASCADE,
    platform TEXT NOT NULL,
    chat     TEXT NOT NULL,
    turn     INTEGER NOT NULL,
    message  TEXT NOT NULL
) STRICT;

CREATE INDEX outbox_person ON outbox (person, turn);

-- When the last message of a turn reached its person.
CREATE TABLE reached (
    person TEXT NOT NULL REFERENCES persons ON DELETE CASCADE,
    turn   INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (person, turn)
) STRICT, WITHOUT ROWID;

-- `since` is the turn that fences the timer; 0 is a reminder, or `keep:`, by which what is kept ends.
CREATE TABLE timers (
    person TEXT NOT NULL REFERENCES persons ON DELETE CASCADE,
    since  INTEGER NOT NULL,
    timer  TEXT NOT NULL,
    due    INTEGER NOT NULL,
    PRIMARY KEY (person, since, timer)
) STRICT, WITHOUT ROWID;

CREATE INDEX timers_due ON timers (due);

-- How often what happened, for everyone together.
CREATE TABLE counters (
    name  TEXT PRIMARY KEY,
    count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
