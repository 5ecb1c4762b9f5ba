-- Which secret link was used, by its label; empty for what needs none.
CREATE TABLE reads_by_link (
    day    TEXT    NOT NULL,
    feed   TEXT    NOT NULL,
    link   TEXT    NOT NULL,
    family TEXT    NOT NULL,
    count  INTEGER NOT NULL,
    last   INTEGER NOT NULL,
    PRIMARY KEY (day, feed, link, family)
) STRICT, WITHOUT ROWID;
INSERT INTO reads_by_link SELECT day, feed, '', family, count, last FROM reads;
DROP TABLE reads;
ALTER TABLE reads_by_link RENAME TO reads;
