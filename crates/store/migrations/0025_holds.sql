-- How often somebody was put on hold, and for how long together, microseconds. Records from before say nothing of it.
ALTER TABLE queue_stays ADD COLUMN holds BIGINT NOT NULL DEFAULT 0;
ALTER TABLE queue_stays ADD COLUMN held BIGINT NOT NULL DEFAULT 0;
ALTER TABLE agent_legs ADD COLUMN holds BIGINT NOT NULL DEFAULT 0;
ALTER TABLE agent_legs ADD COLUMN held BIGINT NOT NULL DEFAULT 0;
