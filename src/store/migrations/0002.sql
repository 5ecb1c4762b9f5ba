-- Since when the upstream has not listed an event that is published all the same.
ALTER TABLE events ADD COLUMN absent INTEGER;

-- What of an event changed, in words parted by spaces; when subscribers are told that it changed; its groups, as JSON.
ALTER TABLE changes ADD COLUMN fields TEXT NOT NULL DEFAULT '';
ALTER TABLE changes ADD COLUMN modified INTEGER;
ALTER TABLE changes ADD COLUMN groups TEXT NOT NULL DEFAULT '[]';
UPDATE changes SET change = 'gone' WHERE change = 'removed';

-- Holds of shrunken batches that an operator lets through, by the second they began in. Each ends with its hold.
CREATE TABLE accepted (
    source TEXT    NOT NULL,
    unit   TEXT    NOT NULL,
    since  INTEGER NOT NULL,
    PRIMARY KEY (source, unit)
) STRICT, WITHOUT ROWID;
