-- Imports of contracts on their way: a file, what its columns are, what was found in its rows, and what taking it would change.
--
--   columns ──(columns are chosen)──▶ reading ──▶ read ──(开始导入)──▶ applied
--      ▲                                │          │
--      └────────(chosen anew)───────────┴──────────┘      failed: the file cannot be read any further
-- Every state but applied may end in cancelled; after a day without a deed what is staged is removed (expired).
--
-- `run` counts the readings: one that was overtaken finds its number gone and writes nothing more. `touched_at` is moved by every deed
-- and by the reading itself, so that one whose server died is seen and begun again.
-- The row stays as the record of an import; what is staged below it and the file go.

CREATE TABLE contract_imports (
    id             TEXT   NOT NULL PRIMARY KEY,
    user_id        TEXT   NOT NULL REFERENCES users (id),
    user_name      TEXT   NOT NULL,
    unit_id        TEXT   NOT NULL REFERENCES units (id),
    file_name      TEXT   NOT NULL,
    file_size      BIGINT NOT NULL,
    file_kind      TEXT   NOT NULL,
    sheets         TEXT   NOT NULL,  -- names, as JSON
    sheet          BIGINT NOT NULL,
    head           TEXT   NOT NULL,  -- header and first rows of the sheet, as JSON
    columns        TEXT   NOT NULL,  -- what each column is read as, as JSON
    state          TEXT   NOT NULL CHECK (state IN ('columns', 'reading', 'read', 'failed', 'applied', 'cancelled', 'expired')),
    problem        TEXT   NOT NULL,  -- why it failed, or what is to be known
    run            BIGINT NOT NULL,
    progress       BIGINT NOT NULL,  -- thousandths
    rows_read      BIGINT NOT NULL,
    added          BIGINT NOT NULL,
    updated        BIGINT NOT NULL,
    unchanged      BIGINT NOT NULL,
    repeated       BIGINT NOT NULL,
    refused        BIGINT NOT NULL,
    errors         BIGINT NOT NULL,
    warnings       BIGINT NOT NULL,
    is_cut         BIGINT NOT NULL CHECK (is_cut IN (0, 1)),  -- too many errors: the rest was not read
    created_at     TEXT   NOT NULL,
    touched_at     TEXT   NOT NULL,
    version        BIGINT NOT NULL,
    is_cleared     BIGINT NOT NULL CHECK (is_cleared IN (0, 1))  -- the file and what was staged are gone
);
CREATE INDEX contract_imports_by_user ON contract_imports (user_id, created_at);
CREATE INDEX contract_imports_by_unit ON contract_imports (unit_id, created_at);
CREATE INDEX contract_imports_by_age ON contract_imports (state, touched_at);

-- A row that reads well: the contract it would make, and what stands there now, by id and version.
CREATE TABLE contract_import_rows (
    import_id        TEXT   NOT NULL REFERENCES contract_imports (id),
    row_no           BIGINT NOT NULL,
    unit_id          TEXT   NOT NULL,
    contract_no      TEXT   NOT NULL,
    lot              TEXT   NOT NULL,
    outcome          TEXT   NOT NULL CHECK (outcome IN ('added', 'updated', 'unchanged')),
    body             TEXT   NOT NULL,  -- empty where nothing changes
    contract_id      TEXT,
    contract_version BIGINT NOT NULL,
    changes          TEXT   NOT NULL,  -- column, before, after, as JSON
    PRIMARY KEY (import_id, row_no)
);
CREATE INDEX contract_import_rows_by_outcome ON contract_import_rows (import_id, outcome, row_no);

CREATE TABLE contract_import_findings (
    import_id TEXT   NOT NULL REFERENCES contract_imports (id),
    row_no    BIGINT NOT NULL,
    place     BIGINT NOT NULL,
    severity  TEXT   NOT NULL CHECK (severity IN ('error', 'warning')),
    cell      TEXT   NOT NULL,
    message   TEXT   NOT NULL,
    PRIMARY KEY (import_id, row_no, place)
);
CREATE INDEX contract_import_findings_by_severity ON contract_import_findings (import_id, severity, row_no);

-- How a unit's files name their columns, as a person corrected it: proposed for the next file.
CREATE TABLE contract_import_names (
    unit_id TEXT NOT NULL REFERENCES units (id),
    name    TEXT NOT NULL,
    code    TEXT NOT NULL,
    PRIMARY KEY (unit_id, name)
);
