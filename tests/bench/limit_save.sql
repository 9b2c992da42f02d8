-- The rows of a save (store_save_value and the runtime's record): assignment updated, history, idempotency.
\set n random(1, 20000)
\set value random(1, 100000)
BEGIN;
UPDATE assignment SET version = version + 1, acts = acts + 1, value = :value::text, state = 'ready', saved_at = clock_timestamp() WHERE assignment_id = md5(:n::text)::uuid RETURNING acts AS act \gset
INSERT INTO history VALUES (md5(:n::text)::uuid, :act, :act, clock_timestamp(), '01234567-89ab-cdef-0123-456789abcdef', 't0123456789.01.0002', 'saved', :value::text);
INSERT INTO idempotency VALUES (gen_random_uuid(), '01234567-89ab-cdef-0123-456789abcdef', decode(repeat('5a', 32), 'hex'), decode(repeat('5a', 93), 'hex'), clock_timestamp());
COMMIT;
