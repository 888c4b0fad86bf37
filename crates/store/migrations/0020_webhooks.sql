-- Who is told of a domain's events over HTTP, and what was told.

INSERT INTO counters (name, next) VALUES ('webhook', 1);

CREATE TABLE webhooks (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL REFERENCES tenants (id),
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    -- Topics and names of events; empty: all.
    events_json TEXT NOT NULL,
    -- Numbers of queues; empty: all, and what is of none.
    queues_json TEXT NOT NULL,
    enabled BOOLEAN NOT NULL,
    secret_sealed TEXT NOT NULL,
    -- Nothing is sent while it is paused; what is provisioned says nothing of it.
    paused_at BIGINT,
    paused_reason TEXT,
    -- Deliveries given up since the last one that was taken.
    given_up_in_row BIGINT NOT NULL DEFAULT 0,
    delivered BIGINT NOT NULL DEFAULT 0,
    given_up BIGINT NOT NULL DEFAULT 0,
    -- Of these, those that were never tried because too many waited.
    dropped BIGINT NOT NULL DEFAULT 0,
    last_success_at BIGINT,
    last_failure_at BIGINT,
    last_failure TEXT,
    UNIQUE (tenant, name)
);

-- Up to which event of a domain all deliveries are in the table below: written with them, so that no event is
-- written twice or left out.
CREATE TABLE webhook_cursors (
    tenant BIGINT PRIMARY KEY REFERENCES tenants (id),
    seq BIGINT NOT NULL
);

CREATE TABLE webhook_deliveries (
    -- Never used again: it is their order.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    webhook BIGINT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    -- What the receiver knows it by, the same for each try.
    message TEXT NOT NULL UNIQUE,
    -- The event's number; none if it is about the webhook itself.
    seq BIGINT,
    kind TEXT NOT NULL,
    -- What it is about: of one object, one is sent after the other.
    object TEXT NOT NULL,
    payload TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    -- While it waits: the first of its object, so that it may be sent.
    head BOOLEAN NOT NULL,
    due_at BIGINT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    ended_at BIGINT,
    -- Why it was given up.
    reason TEXT
);

CREATE INDEX webhook_deliveries_of_webhook ON webhook_deliveries (webhook, id);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook, due_at, id) WHERE state = 'waiting' AND head;
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (webhook, id) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_of_object ON webhook_deliveries (webhook, object, id) WHERE state = 'waiting';

CREATE TABLE webhook_attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    delivery BIGINT NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    milliseconds BIGINT NOT NULL,
    -- What was answered; none if there was no answer.
    status BIGINT,
    -- The first bytes of the answer, as text.
    answer TEXT NOT NULL,
    -- Why it counts as none; none if it was taken.
    error TEXT
);

CREATE INDEX webhook_attempts_of_delivery ON webhook_attempts (delivery, id);
