-- What those who wait in a line hear beside the music and which keys they have, and lists of music.

ALTER TABLE queues ADD COLUMN in_queue_json TEXT NOT NULL DEFAULT '{}';

CREATE TABLE playlists (
    tenant BIGINT NOT NULL REFERENCES tenants (id),
    name TEXT NOT NULL,
    prompts_json TEXT NOT NULL,
    -- In the order of the prompts without one.
    shuffle BIGINT,
    PRIMARY KEY (tenant, name)
);
