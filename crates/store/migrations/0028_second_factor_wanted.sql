-- Names of the roles whose people must have a second factor.
ALTER TABLE tenants ADD COLUMN second_factor_json TEXT NOT NULL DEFAULT '[]';
