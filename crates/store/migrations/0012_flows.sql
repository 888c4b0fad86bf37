-- Flows of any kind: what their callers meet is one JSON in the provisioning file's spelling, read by the file's own
-- reader. What was in columns of its own moves there.
CREATE TABLE flows_of_any_kind (
    id BIGINT PRIMARY KEY,
    tenant BIGINT NOT NULL REFERENCES tenants (id),
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    body_json TEXT NOT NULL,
    UNIQUE (tenant, number)
);

INSERT INTO flows_of_any_kind (id, tenant, number, name, kind, body_json)
SELECT id, tenant, number, name, 'agent_extension',
    json_patch(
        json_object(
            'ring_timeout', ring_timeout,
            'max_repeats', max_repeats,
            'on_unavailable', json(on_unavailable_json),
            'on_no_answer', json(on_no_answer_json),
            'on_busy', json(on_busy_json),
            'on_repeats_exhausted', json(on_repeats_exhausted_json),
            'on_star', json(on_star_json)
        ),
        prompting_json
    )
FROM flows;

DROP TABLE flows;
ALTER TABLE flows_of_any_kind RENAME TO flows;
