-- All rows that a verdict leaves once everybody has heard of it, in one transaction. Left out: the consumers' positions
-- (see limit_submit_settled.sql).
\set n random(1, 20000)
BEGIN;
-- review: the command, then its numbering.
UPDATE entry SET version = version + 1, state = CASE state WHEN 'waiting' THEN 'accepted' ELSE 'waiting' END, closed_at = clock_timestamp() WHERE assignment_id = md5(:n::text)::uuid RETURNING version AS judged \gset
INSERT INTO verdict (assignment_id, version, accepted, given_at, operator_account_id, organisation_path) VALUES (md5(:n::text)::uuid, :judged, true, clock_timestamp(), '01234567-89ab-cdef-0123-456789abcdef', 't0123456789.01.0002');
INSERT INTO outbox (event_count, batch) VALUES (1, decode(repeat('5a', 178), 'hex')) RETURNING position AS decided \gset
INSERT INTO idempotency VALUES (gen_random_uuid(), '01234567-89ab-cdef-0123-456789abcdef', decode(repeat('5a', 32), 'hex'), decode(repeat('5a', 122), 'hex'), clock_timestamp());
DELETE FROM outbox WHERE position = :decided;
INSERT INTO stream (event_count, batch, numbered_at) VALUES (1, decode(repeat('5a', 178), 'hex'), clock_timestamp());
-- submissions: state, history, the value accepted last, and its own event
UPDATE assignment SET version = version + 1, acts = acts + 1, state = 'accepted' WHERE assignment_id = md5(:n::text)::uuid RETURNING acts AS act \gset
INSERT INTO history VALUES (md5(:n::text)::uuid, :act, :act, clock_timestamp(), '01234567-89ab-cdef-0123-456789abcdef', 't0123456789.01.0002', 'accepted', '10');
INSERT INTO accepted VALUES (md5('i' || :n::text)::uuid, md5('i' || :n::text)::uuid, 't0123456789.01.0002', md5(:n::text)::uuid, 1, '10', clock_timestamp()) ON CONFLICT (organisation_id, item_id) DO UPDATE SET version = excluded.version, value = excluded.value, accepted_at = excluded.accepted_at;
INSERT INTO outbox (event_count, batch) VALUES (1, decode(repeat('5a', 145), 'hex')) RETURNING position AS accepted \gset
DELETE FROM outbox WHERE position = :accepted;
INSERT INTO stream (event_count, batch, numbered_at) VALUES (1, decode(repeat('5a', 145), 'hex'), clock_timestamp());
-- reporting, and its own feed
UPDATE cell SET state = 'accepted', accepted_at = clock_timestamp() WHERE assignment_id = md5(:n::text)::uuid;
UPDATE counter SET changes = changes + 1, sent_at = clock_timestamp() WHERE round_id = md5('i' || :n::text)::uuid AND organisation_id = md5('i' || :n::text)::uuid;
INSERT INTO change (organisation_id, path, item_id, round_id, assignment_id, state, at, value) VALUES (md5('i' || :n::text)::uuid, 't0123456789.01.0002', md5('i' || :n::text)::uuid, md5('i' || :n::text)::uuid, md5(:n::text)::uuid, 'accepted', clock_timestamp(), '10');
INSERT INTO outbox (event_count, batch) VALUES (1, decode(repeat('5a', 245), 'hex')) RETURNING position AS told \gset
DELETE FROM outbox WHERE position = :told;
INSERT INTO stream (event_count, batch, numbered_at) VALUES (1, decode(repeat('5a', 245), 'hex'), clock_timestamp());
-- deadlines: nothing outstanding since the sending
COMMIT;
