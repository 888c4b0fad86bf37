-- What a journal that is run again must know: up to which event of a domain everything was kept that is to be
-- kept, and which event a line of the agent log came from, so that no line is written twice.

CREATE TABLE kept_events (
    tenant BIGINT PRIMARY KEY,
    seq BIGINT NOT NULL
);

ALTER TABLE agent_log ADD COLUMN seq BIGINT;
CREATE UNIQUE INDEX agent_log_once ON agent_log (tenant, seq);
