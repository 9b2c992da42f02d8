-- All rows that sending an answer leaves once everybody has heard of it, in one transaction. Left out, because one row
-- for all would make 32 clients wait for each other: the consumers' positions. Ours write those once a batch.
\set n random(1, 20000)
BEGIN;
-- submissions: the command, then its numbering.
UPDATE assignment SET version = version + 1, acts = acts + 1, state = 'in_review', sent_at = clock_timestamp() WHERE assignment_id = md5(:n::text)::uuid RETURNING acts AS act \gset
INSERT INTO history VALUES (md5(:n::text)::uuid, :act, :act, clock_timestamp(), '01234567-89ab-cdef-0123-456789abcdef', 't0123456789.01.0002', 'sent', '10');
INSERT INTO outbox (event_count, batch) VALUES (1, decode(repeat('5a', 405), 'hex')) RETURNING position AS sent \gset
INSERT INTO idempotency VALUES (gen_random_uuid(), '01234567-89ab-cdef-0123-456789abcdef', decode(repeat('5a', 32), 'hex'), decode(repeat('5a', 320), 'hex'), clock_timestamp());
DELETE FROM outbox WHERE position = :sent;
INSERT INTO stream (event_count, batch, numbered_at) VALUES (1, decode(repeat('5a', 405), 'hex'), clock_timestamp());
-- review
UPDATE entry SET version = version + 1, state = 'waiting', sent_at = clock_timestamp(), value = '10' WHERE assignment_id = md5(:n::text)::uuid;
-- reporting, and its own feed
UPDATE cell SET state = 'in_review', sent_at = clock_timestamp(), value = '10' WHERE assignment_id = md5(:n::text)::uuid;
UPDATE counter SET changes = changes + 1, sent_at = clock_timestamp() WHERE round_id = md5('i' || :n::text)::uuid AND organisation_id = md5('i' || :n::text)::uuid;
INSERT INTO change (organisation_id, path, item_id, round_id, assignment_id, state, at, value) VALUES (md5('i' || :n::text)::uuid, 't0123456789.01.0002', md5('i' || :n::text)::uuid, md5('i' || :n::text)::uuid, md5(:n::text)::uuid, 'in_review', clock_timestamp(), '10');
INSERT INTO outbox (event_count, batch) VALUES (1, decode(repeat('5a', 245), 'hex')) RETURNING position AS told \gset
DELETE FROM outbox WHERE position = :told;
INSERT INTO stream (event_count, batch, numbered_at) VALUES (1, decode(repeat('5a', 245), 'hex'), clock_timestamp());
-- deadlines
UPDATE outstanding SET outstanding = NOT outstanding WHERE assignment_id = md5(:n::text)::uuid;
COMMIT;
