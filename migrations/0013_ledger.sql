-- The fingerprint of a unit's year (how many contracts, their versions, the newest) is asked for at every look at a record: it is read from
-- the index, where before every contract of the year was read. What the list filters by and sums up stands before it, as it did.

DROP INDEX contracts_by_signing_year;
DROP INDEX contracts_by_publication_year;
CREATE INDEX contracts_by_signing_year ON contracts (unit_id, signing_year, signed_on, id, source, measure, signing_verdict, amount_fen, signing_sme_fen, signing_small_micro_fen, version, updated_at);
CREATE INDEX contracts_by_publication_year ON contracts (unit_id, publication_year, signed_on, id, source, measure, publication_verdict, amount_fen, publication_sme_fen, publication_small_micro_fen, version, updated_at);

-- How many differences were left when a record was last updated from its contracts: they are no news, and yet they are still there.

ALTER TABLE record_ledgers ADD COLUMN differences_left BIGINT NOT NULL DEFAULT 0;
