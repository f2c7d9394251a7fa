-- What the portal lists, and what a 主管 shows of its progress.
--
-- `announcement_listings` has one narrow row for each announcement that was ever published, written by the transactions that publish, correct and
-- revoke, so that no list reads the texts beside which the same facts stand in `announcements`. `words` and `unit_words` are title, unit and
-- number in the form in which they are searched (domain/announcement/search.rs); the program makes them, since the engines fold letters
-- differently, and so it fills the rows of announcements published before (at its start: announcements::commands::portal::complete).
-- `standing` and `changed_at` follow `announcements.status`, `status_at` and `status_since`.
--
-- Measured with 10,000 announcements: LIKE over these rows 2 to 5 ms whatever the word, 3 MB. A table of bigrams 1 ms for a rare word, 13 ms for
-- a usual one, 40 ms for a number, 29 MB, and 45 more rows at every publication.

CREATE TABLE announcement_listings (
    announcement_id TEXT   NOT NULL PRIMARY KEY REFERENCES announcements (id),
    number          TEXT   NOT NULL,
    title           TEXT   NOT NULL,
    unit_id         TEXT   NOT NULL,
    unit_name       TEXT   NOT NULL,
    district        TEXT   NOT NULL,
    year            BIGINT NOT NULL,
    published_at    TEXT   NOT NULL,
    expires_on      TEXT,
    standing        TEXT   NOT NULL CHECK (standing IN ('published', 'corrected', 'revoked')),
    changed_at      TEXT   NOT NULL,
    sme_fen         BIGINT NOT NULL,
    small_micro_fen BIGINT NOT NULL,
    unit_words      TEXT   NOT NULL,
    words           TEXT   NOT NULL
);
CREATE INDEX announcement_listings_by_time ON announcement_listings (published_at, announcement_id);
CREATE INDEX announcement_listings_by_unit ON announcement_listings (unit_id, year);
CREATE INDEX announcement_listings_by_year ON announcement_listings (year, standing);

-- From which year on the portal says which units of a 主管 have published and which have not; NULL: not at all.
ALTER TABLE units ADD COLUMN progress_from BIGINT;
