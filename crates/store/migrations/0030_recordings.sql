-- Queues whose talks are recorded, and what was recorded of a call; nothing of most calls.
ALTER TABLE queues ADD COLUMN recording BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE call_records ADD COLUMN recordings_json TEXT;
