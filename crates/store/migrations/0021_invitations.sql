-- Invitations: who is to set her web password by a link that was sent to her, and takes no calls until then.

INSERT INTO counters (name, next) VALUES ('invitation', 1);

CREATE TABLE invitations (
    -- One of an agent at a time.
    agent BIGINT PRIMARY KEY REFERENCES agents (id),
    -- A new one each time it is sent, so that a mail that is still on its way can be told to be of the old one.
    id BIGINT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    -- The SHA-256 of the token in the link; none once it was used, or where no mail could be sent.
    hash TEXT UNIQUE,
    -- The token itself, sealed, until the mail server has the mail.
    token_sealed TEXT,
    invited_at BIGINT NOT NULL,
    invited_by TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    mailed_at BIGINT,
    -- What the mail server said last, if it did not take the mail.
    mail_problem TEXT NOT NULL DEFAULT '',
    mail_given_up BOOLEAN NOT NULL DEFAULT FALSE,
    confirmed_at BIGINT
);
