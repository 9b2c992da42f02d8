-- A save at its plainest: history, outbox and status with short keys and no rule at all. Ours writes an idempotency record
-- with its sealed reply where this writes the outbox.
\set assignment random(1, 20000)
\set value random(1, 100000)
BEGIN;
INSERT INTO limit_history VALUES (:assignment, :value, :value::text, '01234567-89ab-cdef-0123-456789abcdef', clock_timestamp()) ON CONFLICT DO NOTHING;
INSERT INTO limit_outbox (event) VALUES (decode(repeat('5a', 120), 'hex'));
UPDATE limit_status SET version = version + 1, value = :value::text, state = 'draft', at = clock_timestamp() WHERE assignment = :assignment;
COMMIT;
