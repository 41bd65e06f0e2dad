-- Where a person is reached who has joined several chats; `persons` names the one they last wrote from.
CREATE TABLE addresses (
    platform TEXT NOT NULL,
    chat     TEXT NOT NULL,
    person   TEXT NOT NULL REFERENCES persons ON DELETE CASCADE,
    PRIMARY KEY (platform, chat)
) STRICT, WITHOUT ROWID;

CREATE INDEX addresses_person ON addresses (person);

-- Codes that join a second chat to a person, as fingerprints. A used one is kept until it lapses.
CREATE TABLE codes (
    code   TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES persons ON DELETE CASCADE,
    until  INTEGER NOT NULL,
    used   INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX codes_person ON codes (person);

-- Up to where a chat was heard, on platforms that send nothing again. The person comes with their first change.
CREATE TABLE heard (
    platform TEXT NOT NULL,
    chat     TEXT NOT NULL,
    channel  INTEGER NOT NULL,
    last     INTEGER NOT NULL,
    PRIMARY KEY (platform, chat)
) STRICT, WITHOUT ROWID;

-- Timers of people who cannot be reached: they go on when the person is back.
CREATE TABLE resting (
    person TEXT NOT NULL REFERENCES persons ON DELETE CASCADE,
    since  INTEGER NOT NULL,
    timer  TEXT NOT NULL,
    due    INTEGER NOT NULL,
    PRIMARY KEY (person, since, timer)
) STRICT, WITHOUT ROWID;
