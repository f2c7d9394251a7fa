-- What becomes of a published 公告 (E7): nothing of it changes and its address goes on working, but it can be corrected by a
-- successor, or revoked.
--
--   published ──「更正」──▶ published, with a successor in the making ──the successor is published──▶ corrected
--       │  ▲                      └──the successor is deleted──▶ published
--       │  └──disagreed, or taken back──┐
--       └──「撤销」──▶ published, with a revocation under review ──agreed──▶ revoked
--
-- 已截止 is no state of the table: it follows from `expires_on` and the clock, so that it is never late and needs no job.
-- `status_at` of all of them is the moment of publication, `status_since` that of the correction or revocation, `status_reason` its
-- reason (of a published one: that of the revocation under review). `successor_id` names the correction, also while it is being
-- made; `corrects_id` and `correction_reason` stand on the successor. The index makes a second successor impossible.
-- `publications` now counts corrections and revocations too: every change that the portal shows.

ALTER TABLE announcements ADD COLUMN status_since TEXT;
ALTER TABLE announcements ADD COLUMN successor_id TEXT;
ALTER TABLE announcements ADD COLUMN corrects_id TEXT;
ALTER TABLE announcements ADD COLUMN correction_reason TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX announcements_one_successor ON announcements (corrects_id) WHERE corrects_id IS NOT NULL;
