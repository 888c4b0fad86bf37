-- Reports that go by e-mail at set times: what is provisioned, how far each was sent, and the mails that are to go.

INSERT INTO counters (name, next) VALUES ('report', 1);
INSERT INTO counters (name, next) VALUES ('report_mail', 1);

CREATE TABLE reports (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL REFERENCES tenants (id),
    name TEXT NOT NULL,
    about TEXT NOT NULL,
    queues_json TEXT NOT NULL,
    agents_json TEXT NOT NULL,
    groups_json TEXT NOT NULL,
    span TEXT NOT NULL,
    row_length TEXT NOT NULL,
    every TEXT NOT NULL,
    weekday TEXT NOT NULL,
    day BIGINT NOT NULL,
    -- Minutes of the day, by the domain's clock.
    at_minute BIGINT NOT NULL,
    recipients_json TEXT NOT NULL,
    format TEXT NOT NULL,
    -- None: the domain's.
    language TEXT,
    enabled BOOLEAN NOT NULL,
    -- Whatever was due until then is enqueued, or was not to be sent since it lies before the report.
    done_until BIGINT NOT NULL,
    -- When a mail server last took one of its mails, and what went wrong last, if that came later.
    mailed_at BIGINT,
    mail_problem TEXT NOT NULL DEFAULT '',
    UNIQUE (tenant, name)
);

-- One mail to one recipient; its errand is in the outbox under the same id.
CREATE TABLE report_mails (
    id BIGINT PRIMARY KEY,
    report BIGINT NOT NULL REFERENCES reports (id),
    recipient TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    -- Somebody asked for it: it goes whether or not the report is on and has this recipient.
    asked BOOLEAN NOT NULL
);
CREATE INDEX report_mails_of ON report_mails (report);
