-- The rows of sending an answer (store_send and the runtime's): assignment updated, history, outbox, idempotency.
\set n random(1, 20000)
BEGIN;
UPDATE assignment SET version = version + 1, acts = acts + 1, state = 'in_review', sent_at = clock_timestamp() WHERE assignment_id = md5(:n::text)::uuid RETURNING acts AS act \gset
INSERT INTO history VALUES (md5(:n::text)::uuid, :act, :act, clock_timestamp(), '01234567-89ab-cdef-0123-456789abcdef', 't0123456789.01.0002', 'sent', '10');
INSERT INTO outbox (event_count, batch) VALUES (1, decode(repeat('5a', 405), 'hex'));
INSERT INTO idempotency VALUES (gen_random_uuid(), '01234567-89ab-cdef-0123-456789abcdef', decode(repeat('5a', 32), 'hex'), decode(repeat('5a', 320), 'hex'), clock_timestamp());
COMMIT;
