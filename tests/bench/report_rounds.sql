-- Rounds :first to :last of programme :programme for all organisations with paths below :region, as events would have
-- left them: cells, counters and history.
SET synchronous_commit = off;
-- The seed says itself since when values are known; the trigger would say it once a row.
SET session_replication_role = replica;
INSERT INTO round SELECT gen_random_uuid(), programme_id, :'programme' || ' round ' || n, moment, moment + interval '15 days',
    moment + interval '20 days', 'Asia/Yekaterinburg', true
    FROM programme, generate_series(:first, :last) AS n,
    LATERAL (SELECT timestamptz '2015-09-01' + n * interval '1 month' AS moment) m WHERE code = :'programme';
CREATE TEMP TABLE added AS SELECT round_id, opens_at, programme_id FROM round
    WHERE name IN (SELECT :'programme' || ' round ' || n FROM generate_series(:first, :last) AS n);
ANALYZE added;
INSERT INTO cell (assignment_id, round_id, organisation_id, path, item_id, state, value, sent_at, accepted_at, known_since)
    SELECT gen_random_uuid(), r.round_id, o.organisation_id, o.path, i.item_id, s.state,
    CASE WHEN s.state <> 'empty' THEN '12' END, CASE WHEN s.state <> 'empty' THEN r.opens_at + interval '3 days' END,
    CASE WHEN s.state = 'accepted' THEN r.opens_at + interval '5 days' END,
    CASE WHEN s.state = 'accepted' THEN timestamptz '2015-10-06' END
    FROM added r JOIN item i USING (programme_id) CROSS JOIN organisation o
    CROSS JOIN LATERAL (SELECT CASE (hashtext(o.path) + i.position) % 5 WHEN 0 THEN 'empty' WHEN 1 THEN 'in_review'
    ELSE 'accepted' END AS state) s WHERE starts_with(o.path, :'region' || '.9')
    ORDER BY r.opens_at, o.organisation_id, i.position; -- an event brings all items of one organisation
INSERT INTO counter (round_id, organisation_id, path, total, empty, in_review, accepted, sent_at, accepted_at, known_since)
    SELECT round_id, organisation_id, path, count(*), count(*) FILTER (WHERE state = 'empty'),
    count(*) FILTER (WHERE state = 'in_review'), count(*) FILTER (WHERE state = 'accepted'), max(sent_at), max(accepted_at), min(known_since)
    FROM cell WHERE round_id IN (SELECT round_id FROM added) GROUP BY round_id, organisation_id, path;
INSERT INTO participant SELECT k.round_id, k.organisation_id, k.path, r.opens_at FROM counter k JOIN added r USING (round_id);
INSERT INTO round_total SELECT round_id, parent_of(path), count(*), count(*) FILTER (WHERE in_review > 0),
    count(*) FILTER (WHERE accepted > 0) FROM counter WHERE round_id IN (SELECT round_id FROM added) GROUP BY 1, 2;
INSERT INTO history (organisation_id, path, item_id, round_id, assignment_id, state, at, value)
    SELECT organisation_id, path, item_id, round_id, assignment_id, 'accepted', accepted_at, value FROM cell
    WHERE state = 'accepted' AND round_id IN (SELECT round_id FROM added) ORDER BY accepted_at;
VACUUM ANALYZE cell;
VACUUM ANALYZE counter;
VACUUM ANALYZE participant;
VACUUM ANALYZE history;
