-- Prompts are recorded by phone: the code that new domains have from the start.

INSERT INTO feature_codes (tenant, code, feature, enabled)
SELECT tenants.id, '*65', 'record_prompt', TRUE FROM tenants
WHERE NOT EXISTS (
    SELECT 1 FROM feature_codes WHERE feature_codes.tenant = tenants.id AND feature_codes.code = '*65'
);
