-- A page that got no answer sends its save again, and is to be told that nobody but itself has moved the content meanwhile. A record
-- remembers the request that moved its content last, and between which versions: once anyone else has changed something, `moved_to` is
-- no longer `content_version`, and what is remembered says nothing more. Requests without a name of their own leave it as it is.

ALTER TABLE records ADD COLUMN moved_by TEXT NOT NULL DEFAULT '';
ALTER TABLE records ADD COLUMN moved_from BIGINT NOT NULL DEFAULT 0;
ALTER TABLE records ADD COLUMN moved_to BIGINT NOT NULL DEFAULT 0;
