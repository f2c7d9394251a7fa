-- 公告模板: the wording that announcements begin with, kept by the 系统管理员 for a place and its years, and each announcement's own copy of it.
--
-- `place` is the beginning of a code of 行政区划, empty for everywhere. Of the templates that hold for an announcement the nearest place serves,
-- and of these the one that begins last (domain/announcement/template/scope.rs); two of one place never begin in the same year. The official
-- template is shipped with the program and stands in no table.

CREATE TABLE announcement_templates (
    id         TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL UNIQUE,
    place      TEXT   NOT NULL,
    from_year  BIGINT NOT NULL,
    to_year    BIGINT,
    title      TEXT   NOT NULL,
    document   TEXT   NOT NULL,
    version    BIGINT NOT NULL,
    changed_by TEXT   NOT NULL,
    changed_at TEXT   NOT NULL,
    UNIQUE (place, from_year)
);

-- What each version said, whole: it is read to be compared and to be taken up again.
CREATE TABLE announcement_template_versions (
    template_id TEXT   NOT NULL REFERENCES announcement_templates (id),
    number      BIGINT NOT NULL,
    name        TEXT   NOT NULL,
    place       TEXT   NOT NULL,
    from_year   BIGINT NOT NULL,
    to_year     BIGINT,
    title       TEXT   NOT NULL,
    document    TEXT   NOT NULL,
    changed_by  TEXT   NOT NULL,
    changed_at  TEXT   NOT NULL,
    PRIMARY KEY (template_id, number)
);

-- One row: taken by whoever adds, changes or deletes a template, so that what is looked at beside the others is still so when it is written.
CREATE TABLE announcement_template_turns (
    id   BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    last BIGINT NOT NULL
);
INSERT INTO announcement_template_turns (id, last) VALUES (1, 0);

-- What an announcement took when it was created, or when somebody applied a new template: a copy, so that no later change reaches it. Without
-- `template_id` it is the official one. Announcements of before have no row: they began with the official wording.
CREATE TABLE announcement_wordings (
    announcement_id TEXT   NOT NULL PRIMARY KEY REFERENCES announcements (id),
    template_id     TEXT,
    template_number BIGINT NOT NULL,
    template_name   TEXT   NOT NULL,
    title           TEXT   NOT NULL,
    document        TEXT   NOT NULL,
    taken_at        TEXT   NOT NULL
);
CREATE INDEX announcement_wordings_by_template ON announcement_wordings (template_id);
