-- Who changed a template last is known by person and not by name: a template that is sent again, because its answer was lost, is answered
-- as done to whoever sent it, and two people may have one name. Templates of before name nobody: sent again, they are told apart as usual.
ALTER TABLE announcement_templates ADD COLUMN changed_by_id TEXT NOT NULL DEFAULT '';

-- A version knows the template that its text began with, as a part of its own that other versions share, so that 「恢复」 of what stood before
-- 「套用新模板」 brings the template back with its text. Versions of before have none, and a restoration leaves the template as it is.
ALTER TABLE announcement_versions ADD COLUMN wording_part TEXT;
