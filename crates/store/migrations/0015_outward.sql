-- What is to leave towards outside services and survives a restart. A message is told of, and put into text, once:
-- what is done with it stands in the journal, here only that it is still to do.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    tenant BIGINT NOT NULL REFERENCES tenants (id),
    errand TEXT NOT NULL,
    mailbox BIGINT NOT NULL,
    record BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    -- The outside has it; what follows from that is still to do.
    taken BOOLEAN NOT NULL DEFAULT FALSE,
    UNIQUE (tenant, errand, record)
);

CREATE INDEX outbox_due ON outbox (errand, due_at);

-- What requests of a domain to outside services are signed with, sealed.
ALTER TABLE tenants ADD COLUMN webhook_secret_sealed TEXT;

-- The service that turns a mailbox's messages into text.
ALTER TABLE mailboxes ADD COLUMN transcription_url TEXT;
