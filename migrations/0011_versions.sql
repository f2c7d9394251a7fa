-- 历史版本 of announcements.
--
-- A version is never changed. Its text and its lines lie apart under their digests, because most versions share them with the one before:
-- a version that changed the title only costs a row. Of the versions that mere editing has made the newest 60 stay, and parts that no
-- version names go with the others.
--
-- `announcement_edits` is the editing that goes on: whose it is and since when. While one person goes on within ten minutes, nothing is
-- kept; before another change the state of things becomes a version in the name of whoever made it.

CREATE TABLE announcement_versions (
    announcement_id TEXT   NOT NULL,
    number          BIGINT NOT NULL,
    occasion        TEXT   NOT NULL,
    note            TEXT   NOT NULL,
    who             TEXT   NOT NULL,
    since           TEXT   NOT NULL,
    at              TEXT   NOT NULL,
    head            TEXT   NOT NULL,
    document_part   TEXT,
    lines_part      TEXT   NOT NULL,
    PRIMARY KEY (announcement_id, number)
);

CREATE TABLE announcement_version_parts (
    announcement_id TEXT NOT NULL,
    digest          TEXT NOT NULL,
    content         TEXT NOT NULL,
    PRIMARY KEY (announcement_id, digest)
);

CREATE TABLE announcement_edits (
    announcement_id TEXT NOT NULL PRIMARY KEY,
    user_id         TEXT NOT NULL,
    who             TEXT NOT NULL,
    since           TEXT NOT NULL,
    at              TEXT NOT NULL
);
