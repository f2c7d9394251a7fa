-- The source of a threshold is quoted; what to do before quoting it is said by `is_checked`.

UPDATE thresholds SET source = '工程40%延续到2026年底' WHERE source = '工程40%延续到2026年底，引用前请核对文件';
