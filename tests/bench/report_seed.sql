\if :{?items}
\else
\set items 40
\endif
-- organisations and 40 indicators (or :items) of programme :programme below the region :region; rounds come with report_rounds.sql.
SET synchronous_commit = off;
INSERT INTO programme VALUES (gen_random_uuid(), :'programme', 'Нагрузка', 'Asia/Yekaterinburg');
INSERT INTO item SELECT gen_random_uuid(), p.programme_id, 'b-' || n, 's-' || n / 10, 'Группа ' || n / 10, 'Вопрос ' || n,
    NULL, 'number', 'чел.', n FROM programme p, generate_series(1, :items) AS n WHERE p.code = :'programme';
INSERT INTO programme_version SELECT programme_id, '-infinity', 'operator' FROM programme WHERE code = :'programme';
INSERT INTO section_version (programme_id, code, known_from, title, position)
    SELECT programme_id, section_code, '-infinity', min(section_title), min(position) FROM item
    WHERE programme_id IN (SELECT programme_id FROM programme WHERE code = :'programme') GROUP BY 1, 2;
INSERT INTO item_version SELECT item_id, '-infinity', programme_id, code, section_code, question, value_kind, position
    FROM item WHERE programme_id IN (SELECT programme_id FROM programme WHERE code = :'programme');
CREATE TEMP TABLE made AS SELECT gen_random_uuid() AS organisation_id, gen_random_uuid() AS municipality_id,
    :'region' || '.9' || lpad((n % 43)::text, 2, '0') || '.' || lpad(n::text, 5, '0') AS path, n
    FROM generate_series(1, :organisations) AS n ORDER BY path; -- as an import tells of them
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
ANALYZE organisation;
ANALYZE organisation_version;
