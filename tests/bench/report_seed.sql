-- 2,316 organisations × 40 indicators × 12 rounds of history below the region :region, as events would have left them.
\set organisations 2316
INSERT INTO programme VALUES (gen_random_uuid(), 'bench', 'Нагрузка', 'Asia/Yekaterinburg');
INSERT INTO item SELECT gen_random_uuid(), p.programme_id, 'b-' || n, 's-' || n / 10, 'Группа ' || n / 10, 'Вопрос ' || n,
    NULL, 'number', 'чел.', n FROM programme p, generate_series(1, 40) AS n WHERE p.code = 'bench';
INSERT INTO round SELECT gen_random_uuid(), programme_id, 'bench round ' || n, moment, moment + interval '15 days',
    moment + interval '20 days', 'Asia/Yekaterinburg', n < 12
    FROM programme, generate_series(1, 12) AS n, LATERAL (SELECT timestamptz '2019-09-01' + n * interval '1 month' AS moment) m
    WHERE code = 'bench';
CREATE TEMP TABLE made AS SELECT gen_random_uuid() AS organisation_id, gen_random_uuid() AS municipality_id,
    :'region' || '.9' || lpad((n % 43)::text, 2, '0') || '.' || lpad(n::text, 4, '0') AS path, n
    FROM generate_series(1, :organisations) AS n;
INSERT INTO organisation_version (organisation_id, valid_from, path, kind, short_name, inn, phone, email, municipality_id,
    municipality_name, zone)
    SELECT organisation_id, date '2019-01-01', path, 'school', 'МБОУ «СОШ № ' || n || '»', '7400000000', '+7 351 555-00-00',
    'school-' || n || '@demo.example', municipality_id, 'Район ' || n % 43, 'Asia/Yekaterinburg' FROM made;
INSERT INTO organisation (organisation_id, path, valid_from, kind, short_name, inn, phone, email, municipality_id,
    municipality_name, first_login_at, contact_name, contact_position, contact_phone, contact_email)
    SELECT organisation_id, path, date '2019-01-01', 'school', 'МБОУ «СОШ № ' || n || '»', '7400000000',
    '+7 351 555-00-00', 'school-' || n || '@demo.example', municipality_id, 'Район ' || n % 43,
    timestamptz '2019-09-02', 'Иванова Анна Петровна', 'Заместитель директора', '+7 351 555-12-34', 'a@demo.example'
    FROM made;
INSERT INTO cell (assignment_id, round_id, organisation_id, path, item_id, state, value, sent_at, accepted_at, known_since)
    SELECT gen_random_uuid(), r.round_id, m.organisation_id, m.path, i.item_id, s.state,
    CASE WHEN s.state <> 'empty' THEN '12' END, CASE WHEN s.state <> 'empty' THEN r.opens_at + interval '3 days' END,
    CASE WHEN s.state = 'accepted' THEN r.opens_at + interval '5 days' END,
    CASE WHEN s.state = 'accepted' THEN timestamptz '2019-09-01' + interval '1 month 5 days' END
    FROM round r JOIN item i USING (programme_id) CROSS JOIN made m
    CROSS JOIN LATERAL (SELECT CASE (m.n + i.position) % 5 WHEN 0 THEN 'empty' WHEN 1 THEN 'in_review' ELSE 'accepted' END
    AS state) s WHERE r.name LIKE 'bench round%';
INSERT INTO counter (round_id, organisation_id, path, total, empty, in_review, accepted, sent_at, accepted_at)
    SELECT round_id, organisation_id, path, count(*), count(*) FILTER (WHERE state = 'empty'),
    count(*) FILTER (WHERE state = 'in_review'), count(*) FILTER (WHERE state = 'accepted'), max(sent_at), max(accepted_at)
    FROM cell WHERE round_id IN (SELECT round_id FROM round WHERE name LIKE 'bench round%')
    GROUP BY round_id, organisation_id, path;
INSERT INTO history (organisation_id, path, item_id, round_id, assignment_id, state, at, value)
    SELECT organisation_id, path, item_id, round_id, assignment_id, 'accepted', accepted_at, value FROM cell
    WHERE state = 'accepted' AND round_id IN (SELECT round_id FROM round WHERE name LIKE 'bench round%');
VACUUM ANALYZE cell;
VACUUM ANALYZE counter;
VACUUM ANALYZE history;
VACUUM ANALYZE organisation;
VACUUM ANALYZE organisation_version;
