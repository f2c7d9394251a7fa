-- 审批 as data: who is asked, what they answered, when; shared by records and announcements. At most one open step (answer
-- IS NULL) a subject, guarded here. Beside it 操作日志 and 消息.

CREATE TABLE approval_steps (
    id               TEXT   NOT NULL PRIMARY KEY,
    subject_kind     TEXT   NOT NULL CHECK (subject_kind IN ('record', 'correction', 'announcement')),
    subject_id       TEXT   NOT NULL,
    round            BIGINT NOT NULL,
    assignee_kind    TEXT   NOT NULL CHECK (assignee_kind IN ('person', 'institution')),
    assignee_id      TEXT   NOT NULL,
    assignee_name    TEXT   NOT NULL,
    submitter_id     TEXT   NOT NULL REFERENCES users (id),
    note             TEXT NOT NULL DEFAULT '',
    opened_at        TEXT   NOT NULL,
    answer           TEXT,
    opinion          TEXT   NOT NULL,
    answered_by      TEXT   REFERENCES users (id),
    answered_by_name TEXT   NOT NULL,
    answered_at      TEXT
);
CREATE UNIQUE INDEX approval_steps_one_open ON approval_steps (subject_kind, subject_id) WHERE answer IS NULL;
CREATE INDEX approval_steps_by_subject ON approval_steps (subject_id);
CREATE INDEX approval_steps_waiting ON approval_steps (assignee_id) WHERE answer IS NULL;

CREATE TABLE events (
    id         TEXT NOT NULL PRIMARY KEY,
    subject_id TEXT NOT NULL,
    at         TEXT NOT NULL,
    user_id    TEXT,
    who        TEXT NOT NULL,
    what       TEXT NOT NULL,
    detail     TEXT NOT NULL
);
CREATE INDEX events_by_subject ON events (subject_id, at);

CREATE TABLE messages (
    id      TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    at      TEXT NOT NULL,
    text    TEXT NOT NULL,
    href    TEXT NOT NULL,
    step_id TEXT,             -- the step that the message asks to answer; NULL where nothing is asked
    read_at TEXT,
    done_at TEXT              -- when that step was answered or withdrawn, by whomever
);
CREATE INDEX messages_by_user ON messages (user_id, at);
CREATE INDEX messages_unread ON messages (user_id) WHERE read_at IS NULL;
CREATE INDEX messages_of_step ON messages (step_id) WHERE done_at IS NULL;
