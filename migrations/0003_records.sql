-- 年度数据: one per unit and year, guarded here (A2).
--
--   draft ──▶ in_review ──▶ approved ──▶ correction_asked ──▶ returned
--     ▲          │ │
--     └ withdrawn┘ └─▶ returned            (domain/record/status.rs)
--
-- `version` counts moves of the status, `content_version` counts changes of lines and words: who submits or approves names
-- both, so that nobody agrees to what they have not seen.

CREATE TABLE records (
    id              TEXT   NOT NULL PRIMARY KEY,
    unit_id         TEXT   NOT NULL REFERENCES units (id),
    year            BIGINT NOT NULL,
    status          TEXT   NOT NULL,
    status_reason   TEXT   NOT NULL,
    year_basis      TEXT   NOT NULL,
    remark          TEXT   NOT NULL,
    round           BIGINT NOT NULL,
    submitted_by    TEXT   REFERENCES users (id),
    submitted_at    TEXT,
    line_count      BIGINT NOT NULL,
    sme_fen         BIGINT NOT NULL,
    small_micro_fen BIGINT NOT NULL,
    approved_number BIGINT,
    version         BIGINT NOT NULL,
    content_version BIGINT NOT NULL,
    updated_at      TEXT   NOT NULL,
    UNIQUE (unit_id, year)
);

-- A line is a contract seen through its overrides, or entered by hand (contract IS NULL). Overrides are NULL where the
-- collected value stands. `contract` is the row as it was when the line was made (JSON).
CREATE TABLE record_lines (
    id              TEXT   NOT NULL PRIMARY KEY,
    record_id       TEXT   NOT NULL REFERENCES records (id),
    position        BIGINT NOT NULL,
    contract_id     TEXT,
    contract        TEXT,
    claimed_rule    TEXT,
    claim_reason    TEXT,
    project_name    TEXT,
    measure         TEXT,
    percent         BIGINT,
    sme_fen         BIGINT,
    small_micro_fen BIGINT,
    published_on    TEXT,
    url             TEXT,
    reason          TEXT   NOT NULL,
    version         BIGINT NOT NULL
);
CREATE INDEX record_lines_by_record ON record_lines (record_id, position);

-- Contracts of the year that are not counted, each with the one rule that left it out; CLAIMED_OUT with the unit's reason.
CREATE TABLE record_left_out (
    id          TEXT   NOT NULL PRIMARY KEY,
    record_id   TEXT   NOT NULL REFERENCES records (id),
    contract_id TEXT   NOT NULL,
    contract    TEXT   NOT NULL,
    rule        TEXT   NOT NULL,
    reason      TEXT   NOT NULL
);
CREATE INDEX record_left_out_by_record ON record_left_out (record_id);

-- What was submitted, frozen: the approved version stays in every announcement that holds it (B7).
CREATE TABLE record_versions (
    record_id    TEXT   NOT NULL REFERENCES records (id),
    number       BIGINT NOT NULL,
    body         TEXT   NOT NULL,
    submitted_at TEXT   NOT NULL,
    approved_at  TEXT,
    PRIMARY KEY (record_id, number)
);
