-- Everything a person said or is known by is sealed from here on; see bot/storage/sealing.py. What was kept in
-- clear waits under other names until it has been sealed (bot/storage/resealing.py), and is dropped then.
DROP INDEX updates_person;

DROP INDEX updates_at;

DROP INDEX outbox_person;

DROP INDEX timers_due;

DROP INDEX addresses_person;

DROP INDEX codes_person;

ALTER TABLE persons RENAME TO plain_persons;

ALTER TABLE updates RENAME TO plain_updates;

ALTER TABLE outbox RENAME TO plain_outbox;

ALTER TABLE reached RENAME TO plain_reached;

ALTER TABLE timers RENAME TO plain_timers;

ALTER TABLE addresses RENAME TO plain_addresses;

ALTER TABLE heard RENAME TO plain_heard;

ALTER TABLE resting RENAME TO plain_resting;

-- Codes live for minutes: nobody misses those of before.
DROP TABLE codes;

-- What opens the rest: `root`, sealed under the operator's key, from which the keyed hashes are made.
CREATE TABLE vault (
    name   TEXT PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- `place` is the keyed hash of where they last wrote from, `address` that place, `key` their own key, wrapped.
CREATE TABLE persons (
    id       TEXT PRIMARY KEY,
    place    BLOB NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    key      BLOB NOT NULL,
    address  BLOB NOT NULL,
    session  BLOB NOT NULL
) STRICT;

CREATE TABLE addresses (
    place   BLOB PRIMARY KEY,
    person  TEXT NOT NULL REFERENCES persons ON DELETE CASCADE,
    address BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX addresses_person ON addresses (person);

CREATE TABLE codes (
    code   BLOB PRIMARY KEY,
    person TEXT NOT NULL REFERENCES persons ON DELETE CASCADE,
    until  INTEGER NOT NULL,
    used   INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX codes_person ON codes (person);

-- Marks of handled updates, for some days, each made with its person's key: they have no person, and only a day.
CREATE TABLE updates (
    fingerprint BLOB PRIMARY KEY,
    at          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX updates_at ON updates (at);

-- Committed, not yet delivered; `message` holds the address as well. A farewell has no person any more. The
-- one process that writes counts the numbers, so that they only grow; `owner` had it in hand from the start.
CREATE TABLE outbox (
    number   INTEGER PRIMARY KEY,
    key      TEXT NOT NULL UNIQUE,
    person   TEXT REFERENCES persons ON DELETE CASCADE,
    platform TEXT NOT NULL,
    place    BLOB NOT NULL,
    turn     INTEGER NOT NULL,
    owner    TEXT,
    message  BLOB NOT NULL
) STRICT;

CREATE INDEX outbox_person ON outbox (person, turn);

CREATE TABLE reached (
    person TEXT NOT NULL REFERENCES persons ON DELETE CASCADE,
    turn   INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (person, turn)
) STRICT, WITHOUT ROWID;

CREATE TABLE timers (
    person TEXT NOT NULL REFERENCES persons ON DELETE CASCADE,
    since  INTEGER NOT NULL,
    timer  TEXT NOT NULL,
    due    INTEGER NOT NULL,
    PRIMARY KEY (person, since, timer)
) STRICT, WITHOUT ROWID;

CREATE INDEX timers_due ON timers (due);

CREATE TABLE resting (
    person TEXT NOT NULL REFERENCES persons ON DELETE CASCADE,
    since  INTEGER NOT NULL,
    timer  TEXT NOT NULL,
    due    INTEGER NOT NULL,
    PRIMARY KEY (person, since, timer)
) STRICT, WITHOUT ROWID;

-- `chat` holds chat and channel.
CREATE TABLE heard (
    place    BLOB PRIMARY KEY,
    platform TEXT NOT NULL,
    last     INTEGER NOT NULL,
    chat     BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What happened, in ids and numbers: never a text. The oldest go first.
CREATE TABLE log (
    number  INTEGER PRIMARY KEY,
    person  TEXT NOT NULL REFERENCES persons ON DELETE CASCADE,
    at      INTEGER NOT NULL,
    turn    INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    what    TEXT NOT NULL,
    flow    TEXT NOT NULL,
    version INTEGER NOT NULL,
    state   TEXT NOT NULL,
    tries   INTEGER NOT NULL,
    lands   TEXT NOT NULL
) STRICT;

CREATE INDEX log_person ON log (person);
