-- What routing by skill, by list and by hour needs, and the last provisioning files of each domain.

ALTER TABLE agents ADD COLUMN timezone TEXT;
ALTER TABLE agents ADD COLUMN hours_json TEXT;

ALTER TABLE queues ADD COLUMN sim_ring_first BIGINT NOT NULL DEFAULT 0;
ALTER TABLE queues ADD COLUMN sim_ring_increment BIGINT NOT NULL DEFAULT 1;
ALTER TABLE queues ADD COLUMN max_expected_wait BIGINT NOT NULL DEFAULT 0;
ALTER TABLE queues ADD COLUMN busy_delay BIGINT NOT NULL DEFAULT 60;
ALTER TABLE queues ADD COLUMN decline_delay BIGINT NOT NULL DEFAULT 0;
ALTER TABLE queues ADD COLUMN skills_json TEXT NOT NULL DEFAULT '[]';
ALTER TABLE queues ADD COLUMN ageing BIGINT NOT NULL DEFAULT 0;
ALTER TABLE queues ADD COLUMN order_by TEXT NOT NULL DEFAULT 'entered';
ALTER TABLE queues ADD COLUMN sticky_days BIGINT NOT NULL DEFAULT 30;
ALTER TABLE queues ADD COLUMN announce_to_agent TEXT;

ALTER TABLE memberships ADD COLUMN tier BIGINT NOT NULL DEFAULT 1;
ALTER TABLE memberships ADD COLUMN auto_answer BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE memberships ADD COLUMN answer_confirmation BOOLEAN NOT NULL DEFAULT FALSE;

ALTER TABLE dids ADD COLUMN skills_json TEXT NOT NULL DEFAULT '[]';
ALTER TABLE dids ADD COLUMN priority BIGINT NOT NULL DEFAULT 0;

-- Numbers of callers on the domain's lists: vip, exclusive, queue_blacklist, blacklist. Which of the settings a
-- row has follows from its list. An exclusive number is on the list once for each queue; the other lists count
-- for all queues and have 0 there.
CREATE TABLE listed_numbers (
    tenant BIGINT NOT NULL REFERENCES tenants (id),
    list TEXT NOT NULL,
    number TEXT NOT NULL,
    queue BIGINT NOT NULL,
    priority BIGINT,
    agents_json TEXT,
    level TEXT,
    until BIGINT,
    PRIMARY KEY (tenant, list, number, queue)
);

-- The last provisioning files of each domain, so that one can go a step back. The file's text is sealed, for it
-- has passwords in it; credentials_json has them as agents and extensions keep them.
CREATE TABLE provisioning_history (
    tenant BIGINT NOT NULL REFERENCES tenants (id),
    revision BIGINT NOT NULL,
    applied_at BIGINT NOT NULL,
    who TEXT NOT NULL,
    restores BIGINT,
    file_sealed TEXT NOT NULL,
    credentials_json TEXT NOT NULL,
    PRIMARY KEY (tenant, revision)
);
