-- Who may do what: sessions that can be told apart, keys of programs, second factors.

INSERT INTO counters (name, next) VALUES ('api_key', 1);

-- From where, with what, and when last.
ALTER TABLE tokens ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE tokens ADD COLUMN client TEXT NOT NULL DEFAULT '';
ALTER TABLE tokens ADD COLUMN used_at BIGINT;

-- Keys of programs, by the SHA-256 of the key.
CREATE TABLE api_keys (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL REFERENCES tenants (id),
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    -- The first characters of the key, to tell one from another.
    hint TEXT NOT NULL,
    rights_json TEXT NOT NULL,
    networks_json TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    expires_at BIGINT,
    used_at BIGINT,
    used_from TEXT,
    UNIQUE (tenant, name)
);

-- One-time passwords of apps (RFC 6238). The owner has agent 0, who is nobody's.
CREATE TABLE second_factors (
    agent BIGINT PRIMARY KEY,
    secret TEXT NOT NULL,
    -- Empty until the first code has shown that the app has the secret.
    confirmed_at BIGINT,
    -- The last step whose code was used; none is used twice.
    used_step BIGINT NOT NULL,
    -- Hashes of the codes that help when the app is lost, each used once.
    recovery_json TEXT NOT NULL
);

-- What a request with a key of its client's choice has answered, so that asking again does not do it again.
CREATE TABLE idempotency (
    tenant BIGINT NOT NULL,
    who TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    -- Empty while it is being done.
    status BIGINT,
    answer TEXT,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, who, idempotency_key)
);
CREATE INDEX idempotency_by_end ON idempotency (expires_at);
