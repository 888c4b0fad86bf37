-- Roles of a domain's own, and supervisors of groups.

CREATE TABLE roles (
    tenant BIGINT NOT NULL REFERENCES tenants (id),
    name TEXT NOT NULL,
    rights_json TEXT NOT NULL,
    -- Whom its holders supervise: the domain, or their own groups.
    supervises TEXT NOT NULL,
    PRIMARY KEY (tenant, name)
);

-- Names of groups; empty: as her role says. Her role is the word of one that every domain has, or a name of the above.
ALTER TABLE agents ADD COLUMN supervises_json TEXT;

-- How much of the server a domain may use, as the server's owner says. Empty: as the settings say; 0: no limit.
CREATE TABLE domain_limits (
    tenant BIGINT PRIMARY KEY REFERENCES tenants (id),
    calls BIGINT,
    waiting BIGINT,
    agents BIGINT,
    webhooks BIGINT,
    sockets BIGINT,
    requests_per_second BIGINT
);
