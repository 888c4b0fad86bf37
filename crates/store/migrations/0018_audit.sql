-- Who changed what of a domain, when, from where and why.

INSERT INTO counters (name, next) VALUES ('change', 1);

CREATE TABLE audit (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL REFERENCES tenants (id),
    at BIGINT NOT NULL,
    who TEXT NOT NULL,
    address TEXT NOT NULL,
    reason TEXT NOT NULL,
    -- The provisioning's revision after it; of other changes none.
    revision BIGINT,
    -- One line for each thing that came, went or changed, as plans have them.
    changes_json TEXT NOT NULL
);

CREATE INDEX audit_of_tenant ON audit (tenant, id);
