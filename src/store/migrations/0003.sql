-- Who has read what: families of clients and days, no addresses. Kept as long as changes.
CREATE TABLE reads (
    day    TEXT    NOT NULL,
    feed   TEXT    NOT NULL,
    family TEXT    NOT NULL,
    count  INTEGER NOT NULL,
    last   INTEGER NOT NULL,
    PRIMARY KEY (day, feed, family)
) STRICT, WITHOUT ROWID;
