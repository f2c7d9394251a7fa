-- 公告 that know where their lines come from, wait when those are corrected, and are rehearsed before they go out.
--
-- One live announcement per 主管 and year: `announcement_slots` holds the place, and whoever comes second finds it taken. It is
-- no unique index over `announcements`, because a correction stands beside the announcement that it corrects for a while, and
-- because a place is handed on when what held it is no longer live.
--
-- A held record:  taken ──approved anew, other lines──▶ newest_number > record_number: undecided, nothing is published
--                   ▲                                        │ 「更新」           │ 「保留并说明」
--                   └────────────────────────────────────────┘                   └▶ kept_number = newest_number
-- (domain/announcement/stale.rs). The next correction makes it undecided again.

ALTER TABLE announcement_lines ADD COLUMN record_line_id TEXT;

ALTER TABLE announcement_records ADD COLUMN newest_number BIGINT;
ALTER TABLE announcement_records ADD COLUMN kept_number BIGINT;
ALTER TABLE announcement_records ADD COLUMN kept_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE announcement_records ADD COLUMN kept_by TEXT NOT NULL DEFAULT '';
ALTER TABLE announcement_records ADD COLUMN kept_at TEXT;

CREATE TABLE announcement_slots (
    unit_id         TEXT   NOT NULL,
    year            BIGINT NOT NULL,
    announcement_id TEXT   NOT NULL,
    PRIMARY KEY (unit_id, year)
);
-- Of several that were made before this rule the newest holds the place.
INSERT INTO announcement_slots (unit_id, year, announcement_id) SELECT unit_id, year, MAX(id) FROM announcements GROUP BY unit_id, year;

-- The rehearsal before the set time: one for each submission and set time, whoever of several instances is first. `answer` is
-- what was chosen then, and by whom.
CREATE TABLE announcement_rehearsals (
    announcement_id TEXT   NOT NULL REFERENCES announcements (id),
    round           BIGINT NOT NULL,
    set_for         TEXT   NOT NULL,
    at              TEXT   NOT NULL,
    findings        TEXT   NOT NULL,
    answer          TEXT   CHECK (answer IN ('as_is', 'postponed')),
    reason          TEXT   NOT NULL,
    answered_by     TEXT   NOT NULL,
    answered_at     TEXT,
    PRIMARY KEY (announcement_id, round, set_for)
);
