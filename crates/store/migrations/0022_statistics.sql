-- What figures are made of, beside the records that it comes from: each stay in a line and each way to an agent's phone
-- is a row that is found by its queue or agent and its time, without opening a record.

CREATE TABLE queue_stays (
    tenant BIGINT NOT NULL,
    call_id BIGINT NOT NULL,
    -- Its place among the stays of the call.
    position BIGINT NOT NULL,
    queue BIGINT NOT NULL,
    -- When the call began, by which lists of calls are sorted.
    started_at BIGINT NOT NULL,
    -- When the call entered the line; of the wait to be called back too, so that both are of one interval.
    at BIGINT NOT NULL,
    entered_at BIGINT NOT NULL,
    left_at BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    -- Whether it is the wait to be called back.
    callback BOOLEAN NOT NULL,
    agent BIGINT,
    in_time BOOLEAN,
    -- Microseconds from the agent's answer to the end of her leg.
    talked BIGINT,
    PRIMARY KEY (tenant, call_id, position)
);
CREATE INDEX queue_stays_by_queue ON queue_stays (tenant, queue, at, call_id, position);
CREATE INDEX queue_stays_by_call ON queue_stays (tenant, queue, started_at, call_id, position);

CREATE TABLE agent_legs (
    tenant BIGINT NOT NULL,
    call_id BIGINT NOT NULL,
    -- Its place among the legs of the call.
    position BIGINT NOT NULL,
    agent BIGINT NOT NULL,
    queue BIGINT,
    started_at BIGINT NOT NULL,
    at BIGINT NOT NULL,
    status TEXT NOT NULL,
    talked BIGINT,
    PRIMARY KEY (tenant, call_id, position)
);
CREATE INDEX agent_legs_by_agent ON agent_legs (tenant, agent, at, call_id, position);
CREATE INDEX agent_legs_by_call ON agent_legs (tenant, agent, started_at, call_id, position);

CREATE INDEX call_records_by_caller ON call_records (tenant, caller_number, started_at, call_id);

-- The whole log in its order.
CREATE INDEX agent_log_of_tenant ON agent_log (tenant, id);
CREATE INDEX agent_log_by_time ON agent_log (tenant, agent, at, id);
CREATE INDEX agent_log_by_membership ON agent_log (tenant, agent, queue, at, id);
CREATE INDEX agent_log_by_queue ON agent_log (tenant, queue, at, id);

-- The records that are there already.
INSERT INTO queue_stays
    (tenant, call_id, position, queue, started_at, at, entered_at, left_at, outcome, callback, agent, in_time, talked)
SELECT
    tenant, call_id, position, queue, started_at, CASE WHEN callback THEN requested ELSE entered END, entered, left_at, outcome,
    callback, agent, in_time,
    (SELECT json_extract(leg.value, '$.ended') - json_extract(leg.value, '$.answered')
     FROM json_each(legs_json) leg
     WHERE json_extract(leg.value, '$.agent') = found.agent AND json_extract(leg.value, '$.queue') = found.queue
       AND json_extract(leg.value, '$.answered') >= found.entered
     ORDER BY leg.key LIMIT 1)
FROM (
    SELECT
        record.tenant AS tenant, record.call_id AS call_id, record.started_at AS started_at,
        record.legs_json AS legs_json, stay.key AS position,
        json_extract(stay.value, '$.queue') AS queue, json_extract(stay.value, '$.entered') AS entered,
        json_extract(stay.value, '$.left') AS left_at, json_extract(stay.value, '$.outcome') AS outcome,
        json_extract(stay.value, '$.agent') AS agent, json_extract(stay.value, '$.in_time') AS in_time,
        json_extract(record.queues_json, '$[' || MAX(stay.key - 1, 0) || '].entered') AS requested,
        stay.key > 0
          AND json_extract(record.queues_json, '$[' || MAX(stay.key - 1, 0) || '].outcome') = 'callback_requested'
          AND json_extract(record.queues_json, '$[' || MAX(stay.key - 1, 0) || '].queue')
            = json_extract(stay.value, '$.queue') AS callback
    FROM call_records record, json_each(record.queues_json) stay
) found;

INSERT INTO agent_legs (tenant, call_id, position, agent, queue, started_at, at, status, talked)
SELECT
    record.tenant, record.call_id, leg.key, json_extract(leg.value, '$.agent'), json_extract(leg.value, '$.queue'),
    record.started_at, json_extract(leg.value, '$.started'), json_extract(leg.value, '$.status'),
    json_extract(leg.value, '$.ended') - json_extract(leg.value, '$.answered')
FROM call_records record, json_each(record.legs_json) leg
WHERE json_extract(leg.value, '$.agent') IS NOT NULL;
