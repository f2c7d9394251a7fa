-- Every change that the portal shows, in the order of the commits: what open data and the Atom feed are read from.
--
-- `no` is the counter of `publications`, incremented in the transaction that makes the change. Its row is locked until that transaction ends, so
-- a number is visible only when every smaller one is: whoever has read up to one has missed nothing. (Ids and sequences are given before
-- the commit and would be seen out of order.) A correction is two changes: the new one is published, the old one corrected.
-- What happened before this table is numbered by its time.

CREATE TABLE announcement_changes (
    no              BIGINT NOT NULL PRIMARY KEY,
    announcement_id TEXT   NOT NULL REFERENCES announcements (id),
    kind            TEXT   NOT NULL CHECK (kind IN ('published', 'corrected', 'revoked')),
    happened_at     TEXT   NOT NULL,
    UNIQUE (announcement_id, kind)
);

INSERT INTO announcement_changes (no, announcement_id, kind, happened_at)
SELECT ROW_NUMBER() OVER (ORDER BY past.happened_at, past.place, past.id), past.id, past.kind, past.happened_at
FROM (
    SELECT id, 'published' AS kind, status_at AS happened_at, COALESCE(feed_no, 0) AS place
    FROM announcements WHERE status IN ('published', 'corrected', 'revoked') AND status_at IS NOT NULL
    UNION ALL
    SELECT id, status AS kind, status_since AS happened_at, 0 AS place
    FROM announcements WHERE status IN ('corrected', 'revoked') AND status_since IS NOT NULL
) AS past;

UPDATE publications SET last = (SELECT COUNT(*) FROM announcement_changes) WHERE last < (SELECT COUNT(*) FROM announcement_changes);
