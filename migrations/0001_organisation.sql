-- Who: units in a tree, people in units, and who is signed in.
--
-- Columns are TEXT or BIGINT only and flags are 0/1, so that one text serves SQLite and PostgreSQL through sqlx's Any driver.
-- Moments are UTC text of fixed width, so that text order is time order. Ids are UUIDs made by the application.

CREATE TABLE units (
    id            TEXT   NOT NULL PRIMARY KEY,
    name          TEXT   NOT NULL UNIQUE,
    uscc          TEXT   NOT NULL,
    parent_id     TEXT   REFERENCES units (id),
    is_supervisor BIGINT NOT NULL CHECK (is_supervisor IN (0, 1)),
    district      TEXT   NOT NULL,
    year_basis    TEXT   NOT NULL,
    version       BIGINT NOT NULL
);
CREATE INDEX units_by_parent ON units (parent_id);

CREATE TABLE users (
    id            TEXT   NOT NULL PRIMARY KEY,
    unit_id       TEXT   NOT NULL REFERENCES units (id),
    login         TEXT   NOT NULL UNIQUE,
    name          TEXT   NOT NULL,
    password_hash TEXT   NOT NULL,
    is_clerk      BIGINT NOT NULL CHECK (is_clerk IN (0, 1)),
    is_reviewer   BIGINT NOT NULL CHECK (is_reviewer IN (0, 1)),
    is_admin      BIGINT NOT NULL CHECK (is_admin IN (0, 1)),
    is_disabled   BIGINT NOT NULL CHECK (is_disabled IN (0, 1)),
    failures      BIGINT NOT NULL,
    locked_until  TEXT,
    version       BIGINT NOT NULL
);
CREATE INDEX users_by_unit ON users (unit_id);

-- The cookie holds a random token; only its SHA-256 stands here, so that a copy of the table signs nobody in.
CREATE TABLE sessions (
    token_hash TEXT NOT NULL PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES users (id),
    seen_at    TEXT NOT NULL,
    ends_at    TEXT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);

-- One row, made at the first start: which installation this is. The folder of attachments is marked with the same id, so that nothing
-- is removed from a folder that another database knows. The filler is written when it is to be seen whether the disk has room again.
CREATE TABLE installation (
    one    BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    id     TEXT   NOT NULL,
    filler TEXT   NOT NULL
);
