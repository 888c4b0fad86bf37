-- Mailboxes, and the feature code that opens them.

INSERT INTO counters (name, next) VALUES ('mailbox', 1);

CREATE TABLE mailboxes (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL REFERENCES tenants (id),
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    -- Sealed, because a PIN is short enough to be guessed from any hash.
    pin_sealed TEXT,
    email TEXT,
    delete_after_email BOOLEAN NOT NULL DEFAULT FALSE,
    language TEXT NOT NULL,
    retention_days BIGINT NOT NULL,
    max_seconds BIGINT NOT NULL,
    max_messages BIGINT NOT NULL,
    greetings_json TEXT NOT NULL,
    UNIQUE (tenant, number)
);

INSERT INTO feature_codes (tenant, code, feature, enabled)
SELECT id, '*57', 'voicemail', TRUE FROM tenants;
