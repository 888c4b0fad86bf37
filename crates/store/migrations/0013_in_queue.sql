-- What those who wait in a line hear beside the music and which keys they have.

ALTER TABLE queues ADD COLUMN in_queue_json TEXT NOT NULL DEFAULT '{}';
