-- What a domain's callers hear: its language, and sounds of its own. The sound of a row is the file
-- prompts/kept/<sha256>.wav in the data directory.

ALTER TABLE tenants ADD COLUMN language TEXT NOT NULL DEFAULT 'en';

CREATE TABLE prompts (
    tenant BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    language TEXT NOT NULL,
    name TEXT NOT NULL,
    -- upload, text, file, phone
    source TEXT NOT NULL,
    -- What was spoken, or the path of the file.
    content TEXT,
    voice TEXT,
    -- 1: the provisioning file says that it is there.
    provisioned BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    milliseconds BIGINT NOT NULL,
    loudness DOUBLE PRECISION NOT NULL,
    bytes BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    PRIMARY KEY (tenant, language, name)
);

-- The provisioned prompts as they were after an apply, so that a step back has their sounds.
ALTER TABLE provisioning_history ADD COLUMN prompts_json TEXT NOT NULL DEFAULT '[]';
