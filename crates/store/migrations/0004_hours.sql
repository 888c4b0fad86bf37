-- Business hours with their holidays, and what follows from them and from night mode.

-- Minutes of a week are pairs in slots_json; holidays_json has names and days.
CREATE TABLE business_hours (
    tenant BIGINT NOT NULL REFERENCES tenants (id),
    name TEXT NOT NULL,
    timezone TEXT,
    slots_json TEXT NOT NULL,
    holidays_json TEXT NOT NULL,
    PRIMARY KEY (tenant, name)
);

ALTER TABLE agents ADD COLUMN business_hours TEXT;

ALTER TABLE queues ADD COLUMN hours TEXT;
ALTER TABLE queues ADD COLUMN on_closed_json TEXT;
ALTER TABLE queues ADD COLUMN on_night_json TEXT;

ALTER TABLE dids ADD COLUMN hours TEXT;
ALTER TABLE dids ADD COLUMN closed_json TEXT;
ALTER TABLE dids ADD COLUMN holiday_json TEXT;
ALTER TABLE dids ADD COLUMN night_json TEXT;

-- The code that new domains have from the start.
INSERT INTO feature_codes (tenant, code, feature, enabled)
SELECT id, '*16', 'night_mode', TRUE FROM tenants
WHERE NOT EXISTS (SELECT 1 FROM feature_codes WHERE feature_codes.tenant = tenants.id AND code = '*16');
