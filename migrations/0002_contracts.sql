-- Contract rows as imported. The key is (采购人, 合同编号, 标项); importing a row again updates it.
-- `body` is the row as JSON; the columns beside it repeat what is looked up by. `version` counts changes of the row.
--
-- What the counting rules say of a row is kept beside it for both settings of 统计年度, so that a list of a million rows is filtered
-- and summed without judging each: year, verdict (`counted`, `needs_input`, `error`, or the code of the rule that left it out) and
-- the two amounts, which are 0 unless the row counts. `words` is what a search looks in, in lower case, a line for each text;
-- `link` is 合同链接, empty where there is none, by which the same contract at two units is found.

CREATE TABLE contracts (
    id                           TEXT   NOT NULL PRIMARY KEY,
    unit_id                      TEXT   NOT NULL REFERENCES units (id),
    contract_no                  TEXT   NOT NULL,
    lot                          TEXT   NOT NULL,
    body                         TEXT   NOT NULL,
    updated_at                   TEXT   NOT NULL,
    version                      BIGINT NOT NULL,
    signed_on                    TEXT   NOT NULL,
    source                       TEXT   NOT NULL,
    measure                      TEXT   NOT NULL,
    amount_fen                   BIGINT NOT NULL,
    words                        TEXT   NOT NULL,
    link                         TEXT   NOT NULL,
    signing_year                 BIGINT NOT NULL,
    signing_verdict              TEXT   NOT NULL,
    signing_sme_fen              BIGINT NOT NULL,
    signing_small_micro_fen      BIGINT NOT NULL,
    publication_year             BIGINT NOT NULL,
    publication_verdict          TEXT   NOT NULL,
    publication_sme_fen          BIGINT NOT NULL,
    publication_small_micro_fen  BIGINT NOT NULL,
    UNIQUE (unit_id, contract_no, lot)
);
-- The ledger's order, newest first. Behind it stands what the ledger filters by and sums up, so that a page with its sums reads the index
-- and not a million rows.
CREATE INDEX contracts_by_signing ON contracts (unit_id, signed_on, id, source, measure, signing_verdict, publication_verdict);
CREATE INDEX contracts_by_signing_year ON contracts (unit_id, signing_year, signed_on, id, source, measure, signing_verdict, amount_fen, signing_sme_fen, signing_small_micro_fen);
CREATE INDEX contracts_by_publication_year ON contracts (unit_id, publication_year, signed_on, id, source, measure, publication_verdict, amount_fen, publication_sme_fen, publication_small_micro_fen);
-- A search looks at every contract of the unit, as they lie.
CREATE INDEX contracts_by_unit ON contracts (unit_id);
-- The same contract at another unit.
CREATE INDEX contracts_by_number ON contracts (contract_no);
CREATE INDEX contracts_by_link ON contracts (link);

-- Which columns of the 合同台账 a person wants to see: their codes, separated by blanks.
CREATE TABLE ledger_columns (
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id),
    columns TEXT NOT NULL
);
