-- What published announcements come to, for the portal's pictures: kept beside each announcement, so that no picture reads lines.
--
-- `announcement_listings` gets the number of its projects (none and no amount: a 零报告) and the SME amount by 预留选项, `announcement_units` the same
-- of each unit whose lines the announcement shows. Both are written by the transaction that publishes, from the lines that it freezes; whether an
-- announcement still stands is said by `standing` of its listing alone. A unit whose record was held without a line is in no row: the announcement
-- does not name it. What was published before is summed up here from its lines, which do not change after publication.

ALTER TABLE announcement_listings ADD COLUMN projects BIGINT NOT NULL DEFAULT 0;
ALTER TABLE announcement_listings ADD COLUMN whole_fen BIGINT NOT NULL DEFAULT 0;
ALTER TABLE announcement_listings ADD COLUMN package_fen BIGINT NOT NULL DEFAULT 0;
ALTER TABLE announcement_listings ADD COLUMN consortium_fen BIGINT NOT NULL DEFAULT 0;
ALTER TABLE announcement_listings ADD COLUMN subcontract_fen BIGINT NOT NULL DEFAULT 0;

CREATE TABLE announcement_units (
    announcement_id TEXT   NOT NULL REFERENCES announcements (id),
    unit_id         TEXT   NOT NULL,
    unit_name       TEXT   NOT NULL,
    projects        BIGINT NOT NULL,
    sme_fen         BIGINT NOT NULL,
    small_micro_fen BIGINT NOT NULL,
    whole_fen       BIGINT NOT NULL,
    package_fen     BIGINT NOT NULL,
    consortium_fen  BIGINT NOT NULL,
    subcontract_fen BIGINT NOT NULL,
    PRIMARY KEY (announcement_id, unit_id)
);
CREATE INDEX announcement_units_by_unit ON announcement_units (unit_id);

INSERT INTO announcement_units (announcement_id, unit_id, unit_name, projects, sme_fen, small_micro_fen, whole_fen, package_fen, consortium_fen, subcontract_fen)
SELECT lines.announcement_id, held.unit_id, MAX(held.unit_name), COUNT(*), CAST(SUM(lines.sme_fen) AS BIGINT), CAST(SUM(lines.small_micro_fen) AS BIGINT),
       CAST(SUM(CASE WHEN lines.measure = 'whole' THEN lines.sme_fen ELSE 0 END) AS BIGINT),
       CAST(SUM(CASE WHEN lines.measure = 'package' THEN lines.sme_fen ELSE 0 END) AS BIGINT),
       CAST(SUM(CASE WHEN lines.measure = 'consortium' THEN lines.sme_fen ELSE 0 END) AS BIGINT),
       CAST(SUM(CASE WHEN lines.measure = 'subcontract' THEN lines.sme_fen ELSE 0 END) AS BIGINT)
FROM announcement_lines AS lines
     JOIN announcements AS own ON own.id = lines.announcement_id
     JOIN announcement_records AS held ON held.announcement_id = lines.announcement_id AND held.record_id = lines.record_id
WHERE own.status IN ('published', 'corrected', 'revoked') AND lines.is_removed = 0
GROUP BY lines.announcement_id, held.unit_id;

UPDATE announcement_listings SET
    projects        = (SELECT CAST(COALESCE(SUM(projects), 0) AS BIGINT) FROM announcement_units AS sums WHERE sums.announcement_id = announcement_listings.announcement_id),
    whole_fen       = (SELECT CAST(COALESCE(SUM(whole_fen), 0) AS BIGINT) FROM announcement_units AS sums WHERE sums.announcement_id = announcement_listings.announcement_id),
    package_fen     = (SELECT CAST(COALESCE(SUM(package_fen), 0) AS BIGINT) FROM announcement_units AS sums WHERE sums.announcement_id = announcement_listings.announcement_id),
    consortium_fen  = (SELECT CAST(COALESCE(SUM(consortium_fen), 0) AS BIGINT) FROM announcement_units AS sums WHERE sums.announcement_id = announcement_listings.announcement_id),
    subcontract_fen = (SELECT CAST(COALESCE(SUM(subcontract_fen), 0) AS BIGINT) FROM announcement_units AS sums WHERE sums.announcement_id = announcement_listings.announcement_id);
