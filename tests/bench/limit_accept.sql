-- The rows of a verdict (store_decide and the runtime's): entry updated with its three indexes, verdict, outbox,
-- idempotency.
\set n random(1, 20000)
BEGIN;
UPDATE entry SET version = version + 1, state = CASE state WHEN 'waiting' THEN 'accepted' ELSE 'waiting' END, closed_at = clock_timestamp() WHERE assignment_id = md5(:n::text)::uuid RETURNING version AS judged \gset
INSERT INTO verdict (assignment_id, version, accepted, given_at, operator_account_id, organisation_path) VALUES (md5(:n::text)::uuid, :judged, true, clock_timestamp(), '01234567-89ab-cdef-0123-456789abcdef', 't0123456789.01.0002');
INSERT INTO outbox (event_count, batch) VALUES (1, decode(repeat('5a', 178), 'hex'));
INSERT INTO idempotency VALUES (gen_random_uuid(), '01234567-89ab-cdef-0123-456789abcdef', decode(repeat('5a', 32), 'hex'), decode(repeat('5a', 122), 'hex'), clock_timestamp());
COMMIT;
