-- Everything that is provisioned, and what is kept of calls.
-- Plain SQL that SQLite and PostgreSQL both take: ids come from `counters`, times are microseconds since the
-- epoch (UTC), lists and nested settings are JSON in text, secrets are text that only the key opens.

CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    next BIGINT NOT NULL
);
INSERT INTO counters (name, next)
VALUES ('tenant', 1), ('agent', 1), ('queue', 1), ('flow', 1), ('trunk', 1), ('token', 1), ('log', 1), ('runtime', 1);

CREATE TABLE tenants (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    timezone TEXT NOT NULL,
    max_hops BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE agent_groups (
    tenant BIGINT NOT NULL REFERENCES tenants (id),
    name TEXT NOT NULL,
    PRIMARY KEY (tenant, name)
);

CREATE TABLE agents (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL REFERENCES tenants (id),
    extension TEXT,
    name TEXT NOT NULL,
    email TEXT UNIQUE,
    role TEXT NOT NULL,
    groups_json TEXT NOT NULL,
    skills_json TEXT NOT NULL,
    status TEXT NOT NULL,
    max_concurrent_calls BIGINT NOT NULL,
    password_hash TEXT,
    UNIQUE (tenant, extension)
);

CREATE TABLE extensions (
    tenant BIGINT NOT NULL REFERENCES tenants (id),
    number TEXT NOT NULL,
    agent BIGINT REFERENCES agents (id),
    display_name TEXT NOT NULL,
    dnd BOOLEAN NOT NULL,
    ring_timeout BIGINT NOT NULL,
    secret TEXT,
    PRIMARY KEY (tenant, number)
);

CREATE TABLE queues (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL REFERENCES tenants (id),
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    strategy TEXT NOT NULL,
    ring_time BIGINT NOT NULL,
    max_callers BIGINT NOT NULL,
    max_waiting_time BIGINT NOT NULL,
    retry_delay BIGINT NOT NULL,
    wait_when_no_agents BOOLEAN NOT NULL,
    auto_ready BOOLEAN NOT NULL,
    after_non_acd TEXT NOT NULL,
    wrap_up_time BIGINT NOT NULL,
    rna_policy_json TEXT,
    decline_is_rna BOOLEAN NOT NULL,
    weight BIGINT NOT NULL,
    sla_time BIGINT NOT NULL,
    on_no_answer_json TEXT NOT NULL,
    on_full_json TEXT,
    on_no_agents_json TEXT,
    moh TEXT NOT NULL,
    UNIQUE (tenant, number)
);

CREATE TABLE memberships (
    tenant BIGINT NOT NULL REFERENCES tenants (id),
    queue BIGINT NOT NULL REFERENCES queues (id),
    agent BIGINT NOT NULL REFERENCES agents (id),
    list_order BIGINT NOT NULL,
    skill_level BIGINT NOT NULL,
    queue_priority BIGINT NOT NULL,
    wrap_up_time BIGINT,
    enabled BOOLEAN NOT NULL,
    PRIMARY KEY (queue, agent)
);
CREATE INDEX memberships_by_tenant ON memberships (tenant);
CREATE INDEX memberships_by_agent ON memberships (agent);

CREATE TABLE flows (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL REFERENCES tenants (id),
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    ring_timeout BIGINT NOT NULL,
    max_repeats BIGINT NOT NULL,
    on_unavailable_json TEXT NOT NULL,
    on_no_answer_json TEXT NOT NULL,
    on_busy_json TEXT NOT NULL,
    on_repeats_exhausted_json TEXT NOT NULL,
    on_star_json TEXT NOT NULL,
    prompting_json TEXT NOT NULL,
    UNIQUE (tenant, number)
);

CREATE TABLE dids (
    tenant BIGINT NOT NULL REFERENCES tenants (id),
    number TEXT NOT NULL,
    open_json TEXT NOT NULL,
    PRIMARY KEY (tenant, number)
);

CREATE TABLE trunks (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL REFERENCES tenants (id),
    name TEXT NOT NULL,
    host TEXT NOT NULL,
    allow_from_json TEXT NOT NULL,
    UNIQUE (tenant, name)
);

CREATE TABLE feature_codes (
    tenant BIGINT NOT NULL REFERENCES tenants (id),
    code TEXT NOT NULL,
    feature TEXT NOT NULL,
    enabled BOOLEAN NOT NULL,
    PRIMARY KEY (tenant, code)
);

-- The owner of the server; at most one row.
CREATE TABLE owner (
    id BIGINT PRIMARY KEY,
    email TEXT NOT NULL,
    password_hash TEXT NOT NULL
);

-- Web and API tokens, by the SHA-256 of the token; agent is empty for the owner's.
CREATE TABLE tokens (
    id BIGINT PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    agent BIGINT REFERENCES agents (id),
    label TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX tokens_by_agent ON tokens (agent);

-- One row a call. No reference to what is provisioned: a record outlives it.
CREATE TABLE call_records (
    tenant BIGINT NOT NULL,
    call_id BIGINT NOT NULL,
    direction TEXT NOT NULL,
    caller_number TEXT NOT NULL,
    caller_name TEXT NOT NULL,
    dialed TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    answered_at BIGINT,
    ended_at BIGINT NOT NULL,
    cause TEXT NOT NULL,
    queues_json TEXT NOT NULL,
    legs_json TEXT NOT NULL,
    decisions_json TEXT NOT NULL,
    PRIMARY KEY (tenant, call_id)
);
CREATE INDEX call_records_newest ON call_records (tenant, started_at, call_id);

CREATE TABLE agent_log (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL,
    agent BIGINT NOT NULL,
    queue BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX agent_log_by_agent ON agent_log (tenant, agent, id);
