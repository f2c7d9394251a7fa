-- Dated rows of the law: which share of the budgets is due, where, of what, since when and by which source (E10). Kept by the
-- 系统管理员; rows of one place, category and share never overlap (domain/share.rs). `percent` is in ten-thousandths of a percent.
-- `is_checked` is 1 where the source was read, 0 where it is general knowledge that a person should check before it is quoted.

CREATE TABLE thresholds (
    id           TEXT   NOT NULL PRIMARY KEY,
    jurisdiction TEXT   NOT NULL,
    category     TEXT   NOT NULL,
    kind         TEXT   NOT NULL,
    percent      BIGINT NOT NULL,
    valid_from   TEXT   NOT NULL,
    valid_to     TEXT,
    source       TEXT   NOT NULL,
    is_checked   BIGINT NOT NULL CHECK (is_checked IN (0, 1)),
    version      BIGINT NOT NULL
);

-- One row: taken by whoever adds or changes a threshold, so that two rows that overlap are not written at the same moment.
CREATE TABLE threshold_turns (
    id   BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    last BIGINT NOT NULL
);
INSERT INTO threshold_turns (id, last) VALUES (1, 0);

INSERT INTO thresholds (id, jurisdiction, category, kind, percent, valid_from, valid_to, source, is_checked, version) VALUES
    ('01930000-0000-7000-8000-000000000001', '全国', 'goods', 'reserved', 300000, '2021-01-01', NULL, '财库〔2020〕46号', 1, 1),
    ('01930000-0000-7000-8000-000000000002', '全国', 'services', 'reserved', 300000, '2021-01-01', NULL, '财库〔2020〕46号', 1, 1),
    ('01930000-0000-7000-8000-000000000003', '全国', 'works', 'reserved', 300000, '2021-01-01', '2022-06-30', '财库〔2020〕46号', 1, 1),
    ('01930000-0000-7000-8000-000000000004', '全国', 'works', 'reserved', 400000, '2022-07-01', '2023-12-31', '2022年7月1日起工程提高到40%，延续到2023年底', 1, 1),
    ('01930000-0000-7000-8000-000000000005', '全国', 'works', 'reserved', 400000, '2024-01-01', '2026-12-31', '工程40%延续到2026年底，引用前请核对文件', 0, 1),
    ('01930000-0000-7000-8000-000000000006', '全国', 'goods', 'small_micro', 600000, '2021-01-01', NULL, '财库〔2020〕46号', 1, 1),
    ('01930000-0000-7000-8000-000000000007', '全国', 'services', 'small_micro', 600000, '2021-01-01', NULL, '财库〔2020〕46号', 1, 1),
    ('01930000-0000-7000-8000-000000000008', '全国', 'works', 'small_micro', 600000, '2021-01-01', NULL, '财库〔2020〕46号', 1, 1),
    ('01930000-0000-7000-8000-000000000009', '兰州新区', 'goods', 'reserved', 600000, '2023-01-01', '2023-12-31', '兰州新区2023年货物和服务60%（地方提高比例的例子）', 1, 1),
    ('01930000-0000-7000-8000-00000000000a', '兰州新区', 'services', 'reserved', 600000, '2023-01-01', '2023-12-31', '兰州新区2023年货物和服务60%（地方提高比例的例子）', 1, 1);

-- What a unit entered of a project whose contract does not say it: budget, category and, of lines entered by hand, whether it was
-- reserved for small and micro enterprises. `project` is the id of the contract, or of the line by hand.
CREATE TABLE record_budgets (
    record_id      TEXT   NOT NULL REFERENCES records (id),
    project        TEXT   NOT NULL,
    budget_fen     BIGINT NOT NULL,
    category       TEXT   NOT NULL,
    is_small_micro BIGINT NOT NULL CHECK (is_small_micro IN (0, 1)),
    PRIMARY KEY (record_id, project)
);
