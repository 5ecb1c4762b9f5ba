-- Who may write: a server that opens the store adds one, and writes only while the number is its own.
CREATE TABLE store (
    generation INTEGER NOT NULL
) STRICT;

CREATE TABLE units (
    id      INTEGER PRIMARY KEY,
    source  TEXT    NOT NULL,
    unit    TEXT    NOT NULL,
    fetched INTEGER NOT NULL,
    form    INTEGER NOT NULL,
    body    TEXT    NOT NULL,
    UNIQUE (source, unit)
) STRICT;

CREATE TABLE events (
    unit     INTEGER NOT NULL REFERENCES units (id) ON DELETE CASCADE,
    uid      TEXT    NOT NULL,
    created  INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    form     INTEGER NOT NULL,
    body     TEXT    NOT NULL,
    UNIQUE (unit, uid)
) STRICT;

CREATE TABLE groups (
    unit INTEGER NOT NULL REFERENCES units (id) ON DELETE CASCADE,
    id   TEXT    NOT NULL,
    kind TEXT    NOT NULL,
    name TEXT    NOT NULL,
    PRIMARY KEY (unit, id)
) STRICT, WITHOUT ROWID;

-- Every group ever seen: a feed of a group outlives the last answer that told of it.
CREATE TABLE known_groups (
    source TEXT NOT NULL,
    id     TEXT NOT NULL,
    kind   TEXT NOT NULL,
    name   TEXT NOT NULL,
    PRIMARY KEY (source, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE changes (
    at       INTEGER NOT NULL,
    source   TEXT    NOT NULL,
    unit     TEXT    NOT NULL,
    uid      TEXT    NOT NULL,
    change   TEXT    NOT NULL,
    sequence INTEGER
) STRICT;

CREATE INDEX changes_at ON changes (at);

CREATE TABLE fetches (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    source  TEXT    NOT NULL,
    unit    TEXT    NOT NULL,
    outcome TEXT    NOT NULL,
    why     TEXT,
    events  INTEGER NOT NULL
) STRICT;

-- The newest has the highest id.
CREATE TABLE documents (
    id       INTEGER PRIMARY KEY,
    feed     TEXT    NOT NULL,
    part     TEXT    NOT NULL,
    tag      TEXT    NOT NULL,
    modified INTEGER NOT NULL,
    ledger   BLOB    NOT NULL,
    UNIQUE (feed, part)
) STRICT;
