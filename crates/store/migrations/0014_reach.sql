-- How people are reached: do not disturb by phone, personal phones, ring groups, spoken names.

-- The codes that new domains have from the start.
INSERT INTO feature_codes (tenant, code, feature, enabled)
SELECT tenants.id, codes.code, codes.feature, TRUE
FROM tenants, (SELECT '*78' AS code, 'dnd_on' AS feature UNION ALL SELECT '*79', 'dnd_off') AS codes
WHERE NOT EXISTS (
    SELECT 1 FROM feature_codes WHERE feature_codes.tenant = tenants.id AND feature_codes.code = codes.code
);

ALTER TABLE agents ADD COLUMN personal_phone TEXT;
ALTER TABLE agents ADD COLUMN forward_when TEXT NOT NULL DEFAULT 'never';
-- A prompt that says who she is.
ALTER TABLE agents ADD COLUMN spoken_name TEXT;

CREATE TABLE ring_groups (
    tenant BIGINT NOT NULL REFERENCES tenants (id),
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    strategy TEXT NOT NULL,
    -- Extensions in their order.
    members_json TEXT NOT NULL,
    ring_time BIGINT NOT NULL,
    max_time BIGINT NOT NULL,
    skip_busy BOOLEAN NOT NULL,
    repeat BIGINT NOT NULL,
    on_no_answer_json TEXT NOT NULL,
    PRIMARY KEY (tenant, number)
);
