-- Units that come into an announcement after it was created, and units that are taken out of it.
--
--   missing ──approved──▶ ready ──「补入单位」──▶ held (taken_in_by, taken_in_at) ──「移出单位」──▶ left, with its reason
--                           ▲                                                                     │
--                           └─────────────────────────────────────────────────────────────────────┘
-- A unit is held once: the primary key of `announcement_records` decides of two who take it in at the same moment. Who was there from
-- the beginning has no `taken_in_at`. A row of `announcement_left_units` goes when its unit is taken in again.

ALTER TABLE announcement_records ADD COLUMN taken_in_by TEXT NOT NULL DEFAULT '';
ALTER TABLE announcement_records ADD COLUMN taken_in_at TEXT;

CREATE TABLE announcement_left_units (
    announcement_id TEXT NOT NULL REFERENCES announcements (id),
    unit_id         TEXT NOT NULL,
    reason          TEXT NOT NULL,
    left_by         TEXT NOT NULL,
    left_at         TEXT NOT NULL,
    PRIMARY KEY (announcement_id, unit_id)
);
