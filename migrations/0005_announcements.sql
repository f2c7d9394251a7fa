-- 公告, its own copy of the approved lines, the records it holds, its files, and the counter of its numbers.
--
--   draft ──▶ in_review ──▶ scheduled ──▶ published
--     ▲          │ │  └────────────────────▲
--     └ withdrawn┘ └─▶ returned            (domain/announcement/status.rs)
--
-- `version` counts every change, so that whoever saves, submits or approves names what they saw. `last_change` is the digest of the
-- edit that made it (person, edit, version), so that the same edit asked again, because its answer was lost, is answered as done.
-- What was published is frozen in `body_html` and `frozen` (figures and public files as JSON, what the portal's page needs in
-- one read); nothing of a published row changes again. `feed_no` numbers the publications in the order of their commits.

CREATE TABLE announcements (
    id              TEXT   NOT NULL PRIMARY KEY,
    unit_id         TEXT   NOT NULL REFERENCES units (id),
    unit_name       TEXT   NOT NULL,
    year            BIGINT NOT NULL,
    number          TEXT   UNIQUE,
    title           TEXT   NOT NULL,
    district        TEXT   NOT NULL,
    publish_at      TEXT,
    expires_on      TEXT,
    remark          TEXT   NOT NULL,
    document        TEXT,
    status          TEXT   NOT NULL,
    status_reason   TEXT   NOT NULL,
    status_at       TEXT,
    round           BIGINT NOT NULL,
    submitted_by    TEXT   REFERENCES users (id),
    submitted_at    TEXT,
    body_html       TEXT,
    frozen          TEXT,
    feed_no         BIGINT UNIQUE,
    version         BIGINT NOT NULL,
    last_change     TEXT,
    updated_at      TEXT   NOT NULL
);
CREATE INDEX announcements_by_unit ON announcements (unit_id, year);
CREATE INDEX announcements_by_status ON announcements (status, status_at);

-- The approved versions that the announcement was made from; also those of units without any project.
CREATE TABLE announcement_records (
    announcement_id TEXT   NOT NULL REFERENCES announcements (id),
    record_id       TEXT   NOT NULL,
    record_number   BIGINT NOT NULL,
    unit_id         TEXT   NOT NULL,
    unit_name       TEXT   NOT NULL,
    PRIMARY KEY (announcement_id, record_id)
);
CREATE INDEX announcement_records_by_record ON announcement_records (record_id);

-- `approved` is the line as it was approved (JSON); the columns beside it are what the announcement shows.
CREATE TABLE announcement_lines (
    id              TEXT   NOT NULL PRIMARY KEY,
    announcement_id TEXT   NOT NULL REFERENCES announcements (id),
    position        BIGINT NOT NULL,
    unit_name       TEXT   NOT NULL,
    record_id       TEXT   NOT NULL,
    record_number   BIGINT NOT NULL,
    project_name    TEXT   NOT NULL,
    measure         TEXT,
    percent         BIGINT,
    sme_fen         BIGINT NOT NULL,
    small_micro_fen BIGINT NOT NULL,
    url             TEXT,
    approved        TEXT   NOT NULL,
    is_removed      BIGINT NOT NULL CHECK (is_removed IN (0, 1)),
    reason          TEXT   NOT NULL
);
CREATE INDEX announcement_lines_by_announcement ON announcement_lines (announcement_id, position);

CREATE TABLE attachments (
    id              TEXT   NOT NULL PRIMARY KEY,
    announcement_id TEXT   NOT NULL REFERENCES announcements (id),
    name            TEXT   NOT NULL,
    media_type      TEXT   NOT NULL,
    size            BIGINT NOT NULL,
    sha256          TEXT   NOT NULL,
    is_shown        BIGINT NOT NULL CHECK (is_shown IN (0, 1)),
    uploaded_at     TEXT   NOT NULL
);
CREATE INDEX attachments_by_announcement ON attachments (announcement_id, uploaded_at);

-- 公告编号 = district-year-serial; a serial is never given twice, whatever becomes of the announcement.
CREATE TABLE announcement_serials (
    district TEXT   NOT NULL,
    year     BIGINT NOT NULL,
    last     BIGINT NOT NULL,
    PRIMARY KEY (district, year)
);

-- One row: how many were ever published. Incremented in the publishing transaction, it orders the publications by their
-- commits, and tells the portal whether a page that it has rendered before is still right.
CREATE TABLE publications (
    id   BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    last BIGINT NOT NULL
);
INSERT INTO publications (id, last) VALUES (1, 0);
