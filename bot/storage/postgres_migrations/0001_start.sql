-- What is kept of people, sealed as bot/storage/sealing.py says. Times are whole microseconds since 1970 in UTC.
-- No foreign keys: each row of a commit would be looked up once more. Whoever adds a row of a person holds the
-- person's row, and lowtide_drop removes them all. Nothing sealed is compressed: it cannot be.

CREATE TABLE vault (
    name   text PRIMARY KEY,
    sealed bytea NOT NULL
);

-- `place` is the keyed hash of where they last wrote from, `address` that place, `key` their own key, wrapped.
-- The room that is left on each page lets an update stay on it, and touch no index.
CREATE TABLE persons (
    id       text PRIMARY KEY,
    place    bytea NOT NULL UNIQUE,
    revision integer NOT NULL,
    key      bytea NOT NULL,
    address  bytea NOT NULL,
    session  bytea NOT NULL
) WITH (fillfactor = 70);

ALTER TABLE persons ALTER session SET STORAGE EXTERNAL;

CREATE TABLE addresses (
    place   bytea PRIMARY KEY,
    person  text NOT NULL,
    address bytea NOT NULL
);

CREATE INDEX addresses_person ON addresses (person);

CREATE TABLE codes (
    code   bytea PRIMARY KEY,
    person text NOT NULL,
    until  bigint NOT NULL,
    used   boolean NOT NULL DEFAULT false
);

CREATE INDEX codes_person ON codes (person);

-- Keyed hashes of handled updates. Only the one that forgot a person outlives them, with no person in it.
CREATE TABLE updates (
    fingerprint bytea PRIMARY KEY,
    person      text,
    at          bigint NOT NULL
);

CREATE INDEX updates_person ON updates (person);

CREATE INDEX updates_at ON updates (at);

-- Committed, not yet delivered. A number is drawn while the person's row is held: of one person they only grow
-- in the order of commits. `owner` is who has it in hand.
CREATE TABLE outbox (
    number   bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    key      text NOT NULL UNIQUE,
    person   text,
    platform text NOT NULL,
    place    bytea NOT NULL,
    turn     integer NOT NULL,
    owner    text,
    message  bytea NOT NULL
);

ALTER TABLE outbox ALTER message SET STORAGE EXTERNAL;

CREATE INDEX outbox_platform ON outbox (platform, number);

CREATE INDEX outbox_person ON outbox (person, turn);

CREATE INDEX outbox_place ON outbox (place);

CREATE TABLE reached (
    person text NOT NULL,
    turn   integer NOT NULL,
    at     bigint NOT NULL,
    PRIMARY KEY (person, turn)
);

-- A claim holds until its time, and only while the person has the revision they were claimed with.
CREATE TABLE timers (
    person   text NOT NULL,
    since    integer NOT NULL,
    timer    text NOT NULL,
    due      bigint NOT NULL,
    held     bigint NOT NULL DEFAULT 0,
    revision integer NOT NULL DEFAULT 0,
    PRIMARY KEY (person, since, timer)
) WITH (fillfactor = 80);

CREATE INDEX timers_due ON timers (due);

CREATE TABLE resting (
    person text NOT NULL,
    since  integer NOT NULL,
    timer  text NOT NULL,
    due    bigint NOT NULL,
    PRIMARY KEY (person, since, timer)
);

-- `chat` holds chat and channel.
CREATE TABLE heard (
    place    bytea PRIMARY KEY,
    platform text NOT NULL,
    last     bigint NOT NULL,
    chat     bytea NOT NULL
);

-- What happened, in ids and numbers: never a text. The oldest go first.
CREATE TABLE log (
    number  bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    person  text NOT NULL,
    at      bigint NOT NULL,
    turn    integer NOT NULL,
    kind    text NOT NULL,
    what    text NOT NULL,
    flow    text NOT NULL,
    version integer NOT NULL,
    state   text NOT NULL,
    tries   integer NOT NULL,
    lands   text NOT NULL
);

CREATE INDEX log_person ON log (person);

-- How often what happened, for everyone together.
CREATE TABLE counters (
    name  text PRIMARY KEY,
    count bigint NOT NULL
);

-- Who does what there can be only one of; see bot/storage/postgres_leases.py.
CREATE TABLE leases (
    name     text PRIMARY KEY,
    epoch    bigint NOT NULL DEFAULT 0,
    beat     bigint NOT NULL DEFAULT 0,
    released boolean NOT NULL DEFAULT true
);
