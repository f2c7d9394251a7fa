-- Contract rows as imported. The key is (采购人, 合同编号, 标项); importing a row again updates it.
-- `body` is the row as JSON; the columns beside it repeat what is looked up by. `version` counts changes of the row.

CREATE TABLE contracts (
    id             TEXT   NOT NULL PRIMARY KEY,
    unit_id        TEXT   NOT NULL REFERENCES units (id),
    contract_no    TEXT   NOT NULL,
    lot            TEXT   NOT NULL,
    year_signed    BIGINT NOT NULL,
    year_published BIGINT,
    body           TEXT   NOT NULL,
    updated_at     TEXT   NOT NULL,
    version        BIGINT NOT NULL,
    UNIQUE (unit_id, contract_no, lot)
);
CREATE INDEX contracts_by_year_signed ON contracts (unit_id, year_signed);
CREATE INDEX contracts_by_year_published ON contracts (unit_id, year_published);
