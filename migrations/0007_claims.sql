-- What the contracts of a record's year looked like when it was generated or last updated from them: a fingerprint (how many there
-- are, their versions, the newest), so that the record's page knows without comparing anything that nothing has changed since.

CREATE TABLE record_ledgers (
    record_id   TEXT NOT NULL PRIMARY KEY REFERENCES records (id),
    fingerprint TEXT NOT NULL,
    seen_at     TEXT NOT NULL
);

-- Files with which a unit proves what it claims in (「申请纳入」). They lie beside the attachments of announcements, are shown to those
-- who may see the record, and are never public. `line_id` is the line of the claim.

CREATE TABLE claim_files (
    id          TEXT   NOT NULL PRIMARY KEY,
    record_id   TEXT   NOT NULL REFERENCES records (id),
    line_id     TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    media_type  TEXT   NOT NULL,
    size        BIGINT NOT NULL,
    sha256      TEXT   NOT NULL,
    uploaded_at TEXT   NOT NULL
);
CREATE INDEX claim_files_by_record ON claim_files (record_id, uploaded_at);
