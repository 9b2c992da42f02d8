-- Slices of other reports than the base one: data provided by organisation, and each value accepted. Their rows are
-- generic; whoever reads them knows the columns by the report. What was made before keeps its rows, file and format.

ALTER TABLE slice ADD COLUMN report text NOT NULL DEFAULT 'roadmaps'
    CHECK (report IN ('roadmaps', 'provided', 'values'));
DROP INDEX slice_of_schedule;
CREATE UNIQUE INDEX slice_of_schedule ON slice (territory, round_id, report, moment) WHERE account_id IS NULL;
ALTER TABLE slice_schedule ADD COLUMN report text NOT NULL DEFAULT 'roadmaps'
    CHECK (report IN ('roadmaps', 'provided', 'values'));
ALTER TABLE slice_schedule DROP CONSTRAINT slice_schedule_pkey;
ALTER TABLE slice_schedule ADD PRIMARY KEY (territory, round_id, report);

-- key: of values, the code of the item.
CREATE TABLE slice_entry (
    slice_id uuid    NOT NULL REFERENCES slice ON DELETE CASCADE,
    position integer NOT NULL,
    path     text    NOT NULL COLLATE "C",
    key      text    NOT NULL COLLATE "C",
    cells    text[]  NOT NULL,
    PRIMARY KEY (slice_id, position)
);
CREATE INDEX slice_entry_path ON slice_entry (slice_id, path, key);
ALTER TABLE slice_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE slice_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON slice_entry
    USING (vekha_in_scope(path, (SELECT current_setting('vekha.scope', true))));

CREATE FUNCTION slice_columns(report text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE report
        WHEN 'provided' THEN '{organisation, municipality, total, with_data, without_data, empty, draft, in_review,
                               accepted, rejected, last_act_at}'::text[]
        WHEN 'values' THEN '{organisation, municipality, section, question, value_kind, value, second_value, percent,
                             accepted_at}'::text[] END
$$;

-- Made from what was written down up to the slice's events alone, as slice_made() (0012). A value is the last one
-- accepted before the moment, also in a round before this one.
CREATE FUNCTION slice_entries_made(asked slice) RETURNS SETOF slice_entry LANGUAGE sql STABLE AS $$
    WITH sections AS MATERIALIZED (
        SELECT DISTINCT ON (v.code) v.code, v.title, v.position
          FROM section_version v
         WHERE v.programme_id = asked.programme_id AND v.event_number <= asked.submissions_number
         ORDER BY v.code, v.known_from >= asked.moment,
               CASE WHEN v.known_from < asked.moment THEN v.known_from END DESC, v.known_from
    ), items AS MATERIALIZED (
        SELECT DISTINCT ON (v.item_id) v.item_id, v.code, v.section_code, v.question, v.value_kind
          FROM item_version v
         WHERE v.programme_id = asked.programme_id AND v.event_number <= asked.submissions_number
         ORDER BY v.item_id, v.known_from >= asked.moment,
               CASE WHEN v.known_from < asked.moment THEN v.known_from END DESC, v.known_from
    ), named AS MATERIALIZED (
        SELECT DISTINCT ON (o.organisation_id) o.organisation_id, o.short_name, o.municipality_name
          FROM organisation_told o
         WHERE o.event_number <= asked.auth_number AND in_territory(o.path, asked.territory)
         ORDER BY o.organisation_id, o.valid_from > asked.day,
               CASE WHEN o.valid_from <= asked.day THEN o.valid_from END DESC, o.valid_from, o.event_number DESC
    ), cells AS MATERIALIZED (
        SELECT c.assignment_id, c.organisation_id, c.item_id, c.path
          FROM cell c
         WHERE c.round_id = asked.round_id AND in_territory(c.path, asked.territory)
           AND c.event_number <= asked.submissions_number
           AND CASE WHEN c.assigned_at IS NULL THEN true ELSE c.assigned_at < asked.moment END
    ), accepted AS MATERIALIZED (
        SELECT DISTINCT ON (h.organisation_id, h.item_id) h.organisation_id, h.item_id, h.value, h.second_value,
               h.percent, h.at
          FROM history h
         WHERE h.state = 'accepted' AND h.at < asked.moment AND h.event_number <= asked.submissions_number
           AND h.item_id IN (SELECT i.item_id FROM items i) AND in_territory(h.path, asked.territory)
         ORDER BY h.organisation_id, h.item_id, h.at DESC, h.number DESC
    ), changes AS (
        SELECT h.assignment_id, (array_agg(h.state ORDER BY h.at DESC, h.number DESC))[1] AS state, max(h.at) AS at
          FROM history h
         WHERE h.round_id = asked.round_id AND h.at < asked.moment AND h.event_number <= asked.submissions_number
           AND in_territory(h.path, asked.territory)
         GROUP BY h.assignment_id
    ), counted AS (
        SELECT c.organisation_id, min(c.path) AS path, count(*) AS total,
               count(a.item_id) AS with_data, count(*) - count(a.item_id) AS without_data,
               count(*) FILTER (WHERE coalesce(k.state, 'empty') = 'empty') AS empty,
               count(*) FILTER (WHERE k.state = 'draft') AS draft,
               count(*) FILTER (WHERE k.state = 'in_review') AS in_review,
               count(*) FILTER (WHERE k.state = 'accepted') AS accepted,
               count(*) FILTER (WHERE k.state = 'rejected') AS rejected, max(k.at) AS last_act_at
          FROM cells c
          LEFT JOIN accepted a ON a.organisation_id = c.organisation_id AND a.item_id = c.item_id
          LEFT JOIN changes k ON k.assignment_id = c.assignment_id
         WHERE asked.report = 'provided'
         GROUP BY c.organisation_id
    ), valued AS (
        SELECT DISTINCT c.organisation_id, c.path, i.code, i.section_code, i.question, i.value_kind, a.value,
               a.second_value, a.percent, a.at
          FROM cells c
          JOIN accepted a ON a.organisation_id = c.organisation_id AND a.item_id = c.item_id
          JOIN items i ON i.item_id = c.item_id
         WHERE asked.report = 'values'
    )
    SELECT asked.slice_id, row_number() OVER (ORDER BY c.path COLLATE "C")::integer, c.path, '',
           ARRAY[coalesce(o.short_name, c.path), coalesce(o.municipality_name, ''), c.total::text, c.with_data::text,
                 c.without_data::text, c.empty::text, c.draft::text, c.in_review::text, c.accepted::text,
                 c.rejected::text, coalesce(vekha_time(c.last_act_at), '')]
      FROM counted c
      LEFT JOIN named o ON o.organisation_id = c.organisation_id
    UNION ALL
    SELECT asked.slice_id, row_number() OVER (ORDER BY v.path COLLATE "C", v.code COLLATE "C")::integer, v.path, v.code,
           ARRAY[coalesce(o.short_name, v.path), coalesce(o.municipality_name, ''), coalesce(s.title, ''), v.question,
                 v.value_kind, coalesce(v.value, ''), coalesce(v.second_value, ''), coalesce(v.percent, ''),
                 vekha_time(v.at)]
      FROM valued v
      LEFT JOIN sections s ON s.code = v.section_code
      LEFT JOIN named o ON o.organisation_id = v.organisation_id
$$;

-- The file is of the same kind as the base report's: names, then a line for each row.
CREATE FUNCTION slice_names(report text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE report WHEN 'roadmaps' THEN slice_names()
           ELSE 'path;key;' || array_to_string(slice_columns(report), ';') || E'\n' END
$$;
CREATE FUNCTION slice_entry_line(e slice_entry) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT slice_field(e.path) || ';' || slice_field(e.key) || ';'
        || (SELECT string_agg(slice_field(c.cell), ';' ORDER BY c.place)
              FROM unnest(e.cells) WITH ORDINALITY c (cell, place)) || E'\n'
$$;
-- Every row of a slice as it is made from its events, and as it is kept.
CREATE FUNCTION slice_lines_made(asked slice) RETURNS TABLE (place integer, path text, key text, line text)
LANGUAGE sql STABLE AS $$
    SELECT m.position, m.path, m.section_code, slice_line(m) FROM slice_made(asked) m WHERE asked.report = 'roadmaps'
    UNION ALL
    SELECT e.position, e.path, e.key, slice_entry_line(e) FROM slice_entries_made(asked) e
     WHERE asked.report <> 'roadmaps'
$$;
CREATE FUNCTION slice_lines_kept(asked slice) RETURNS TABLE (place integer, path text, key text, line text)
LANGUAGE sql STABLE AS $$
    SELECT r.position, r.path, r.section_code, slice_line(r) FROM slice_row r WHERE r.slice_id = asked.slice_id
    UNION ALL
    SELECT e.position, e.path, e.key, slice_entry_line(e) FROM slice_entry e WHERE e.slice_id = asked.slice_id
$$;
