-- What agents choose from: why they are not ready, and what calls were about; and what was said of each call.

CREATE TABLE not_ready_codes (
    tenant BIGINT NOT NULL REFERENCES tenants (id),
    code TEXT NOT NULL,
    label TEXT NOT NULL,
    enabled BOOLEAN NOT NULL,
    PRIMARY KEY (tenant, code)
);

CREATE TABLE dispositions (
    tenant BIGINT NOT NULL REFERENCES tenants (id),
    code TEXT NOT NULL,
    label TEXT NOT NULL,
    enabled BOOLEAN NOT NULL,
    -- Numbers of the queues whose calls it is for; none: for all calls.
    queues_json TEXT NOT NULL,
    PRIMARY KEY (tenant, code)
);

-- Said while a call lasts or afterwards, so it may be there before the call's record.
CREATE TABLE call_dispositions (
    tenant BIGINT NOT NULL,
    call_id BIGINT NOT NULL,
    -- When the call began, by which lists of calls are sorted.
    started_at BIGINT NOT NULL,
    code TEXT NOT NULL,
    notes TEXT NOT NULL,
    set_by TEXT NOT NULL,
    set_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, call_id)
);
CREATE INDEX call_dispositions_by_code ON call_dispositions (tenant, code, started_at, call_id);

-- Notes are about people: they go with the record of their call, whoever removes that.
CREATE TRIGGER call_dispositions_go_with_records AFTER DELETE ON call_records
BEGIN
    DELETE FROM call_dispositions WHERE tenant = OLD.tenant AND call_id = OLD.call_id;
END;
