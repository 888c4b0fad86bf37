-- Personal call links: the last part of the address, unique in a domain as the provisioning sees to, and whether it
-- leads to nobody.
ALTER TABLE agents ADD COLUMN call_link TEXT;
ALTER TABLE agents ADD COLUMN call_link_private BOOLEAN NOT NULL DEFAULT FALSE;
