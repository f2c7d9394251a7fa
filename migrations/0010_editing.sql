-- Several people at one announcement, and files that are sent, ordered and replaced.
--
-- `*_version` is the version of the announcement at which that part was last changed: whoever names an older one has not seen it, and
-- only then are two changes of the same part a clash. Changes of different parts do not disturb each other.
--
-- A file is known by the key under which the page sends it, so that a repetition whose first answer was lost adds nothing.
-- `replaced_by` names the file that stands in its place now; a replaced one is for the office alone.
--
-- `announcement_visits`: who has the announcement open for editing. One row for each open page, written again while it is open; a row
-- that was not for a while says nothing any more. In the table and not in memory, so that every instance sees the same.

ALTER TABLE announcements ADD COLUMN basics_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE announcements ADD COLUMN title_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE announcements ADD COLUMN remark_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE announcements ADD COLUMN document_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE announcement_lines ADD COLUMN version BIGINT NOT NULL DEFAULT 0;

ALTER TABLE attachments ADD COLUMN position BIGINT NOT NULL DEFAULT 0;
ALTER TABLE attachments ADD COLUMN upload_key TEXT;
ALTER TABLE attachments ADD COLUMN replaced_by TEXT;
CREATE UNIQUE INDEX attachments_by_key ON attachments (announcement_id, upload_key);

CREATE TABLE announcement_visits (
    announcement_id TEXT NOT NULL,
    visit           TEXT NOT NULL,
    user_id         TEXT NOT NULL REFERENCES users (id),
    place           TEXT NOT NULL,
    since           TEXT NOT NULL,
    seen_at         TEXT NOT NULL,
    PRIMARY KEY (announcement_id, visit)
);
