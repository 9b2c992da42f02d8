-- Slices: what the base report said at a moment, as far as it was known at a point of the streams it rests on (S1.25).

-- With which event of its stream a row came; 0: before this was written down. A slice names the last event it saw of
-- each stream, so what is told later changes no slice, even when it happened before.
ALTER TABLE history ADD COLUMN event_number bigint NOT NULL DEFAULT 0;
ALTER TABLE cell ADD COLUMN event_number bigint NOT NULL DEFAULT 0;
ALTER TABLE participant ADD COLUMN event_number bigint NOT NULL DEFAULT 0;
ALTER TABLE assignment_due ADD COLUMN event_number bigint NOT NULL DEFAULT 0;
ALTER TABLE section_plan ADD COLUMN event_number bigint NOT NULL DEFAULT 0;
ALTER TABLE item_plan ADD COLUMN event_number bigint NOT NULL DEFAULT 0;
ALTER TABLE programme_version ADD COLUMN event_number bigint NOT NULL DEFAULT 0;
ALTER TABLE programme_version ADD COLUMN version integer NOT NULL DEFAULT 0;
ALTER TABLE section_version ADD COLUMN event_number bigint NOT NULL DEFAULT 0;
ALTER TABLE item_version ADD COLUMN event_number bigint NOT NULL DEFAULT 0;

-- Two moves of a round's date within a millisecond are two rows.
ALTER TABLE round_due ADD COLUMN event_number bigint NOT NULL DEFAULT 0;
ALTER TABLE round_due DROP CONSTRAINT round_due_pkey;
ALTER TABLE round_due ADD PRIMARY KEY (round_id, known_from, event_number);
CREATE OR REPLACE FUNCTION round_due_on(asked_round uuid, moment timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT due_at
      FROM round_due
     WHERE round_id = asked_round
     ORDER BY known_from >= moment, CASE WHEN known_from < moment THEN known_from END DESC, known_from, event_number DESC
     LIMIT 1
$$;

-- The tree as it was told, event by event: organisation_version keeps of each day what was told of it last.
CREATE TABLE organisation_told (
    organisation_id   uuid   NOT NULL,
    event_number      bigint NOT NULL,
    valid_from        date   NOT NULL,
    path              text   NOT NULL COLLATE "C",
    short_name        text   NOT NULL,
    municipality_id   uuid,
    municipality_name text,
    PRIMARY KEY (organisation_id, event_number, valid_from)
);
INSERT INTO organisation_told
    SELECT organisation_id, 0, valid_from, path, short_name, municipality_id, municipality_name
      FROM organisation_version;

CREATE TABLE slice (
    slice_id           uuid        PRIMARY KEY,
    territory          text        NOT NULL COLLATE "C",
    round_id           uuid        NOT NULL,
    programme_id       uuid        NOT NULL,
    year               integer     NOT NULL,
    number             integer     NOT NULL, -- of the territory, the programme and the year
    -- What happened before it counts; and the last day of it in the round's zone, in whose borders the rows are.
    moment             timestamptz NOT NULL,
    day                date        NOT NULL,
    taken_at           timestamptz NOT NULL,
    account_id         uuid,                 -- NULL: the schedule
    taken_by           text        NOT NULL,
    -- Of what it is made, beside the moment. Another way to make rows or lines is another format.
    format             integer     NOT NULL,
    submissions_number bigint      NOT NULL,
    auth_number        bigint      NOT NULL,
    -- NULL: still to be made, or to be verified.
    made_at            timestamptz,
    rows               integer     NOT NULL DEFAULT 0,
    sha256             text        NOT NULL DEFAULT '',
    verify_asked_at    timestamptz,
    verified_at        timestamptz,
    verified_sha256    text        NOT NULL DEFAULT '', -- made anew
    kept_sha256        text        NOT NULL DEFAULT '', -- of what was kept
    UNIQUE (territory, programme_id, year, number)
);
CREATE UNIQUE INDEX slice_of_schedule ON slice (territory, round_id, moment) WHERE account_id IS NULL;
CREATE INDEX slice_round ON slice (round_id, moment);
CREATE INDEX slice_to_do ON slice (taken_at) WHERE made_at IS NULL OR verify_asked_at IS NOT NULL;

CREATE TABLE slice_number (
    territory    text    NOT NULL COLLATE "C",
    programme_id uuid    NOT NULL,
    year         integer NOT NULL,
    number       integer NOT NULL,
    PRIMARY KEY (territory, programme_id, year)
);

CREATE TABLE slice_row (
    slice_id            uuid    NOT NULL REFERENCES slice ON DELETE CASCADE,
    position            integer NOT NULL,
    organisation_id     uuid    NOT NULL,
    path                text    NOT NULL COLLATE "C",
    short_name          text    NOT NULL,
    municipality_id     uuid,
    municipality_name   text,
    section_code        text    NOT NULL, -- '': the organisation has chosen none
    section_number      text,
    section_title       text,
    significance        text,
    state               text    NOT NULL,
    planned_on          date,
    previous_on         date,
    move_reason         text,
    moves               integer NOT NULL,
    templates_total     integer NOT NULL,
    templates_activated integer NOT NULL,
    measures_total      integer NOT NULL,
    measures_started    integer NOT NULL,
    measures_finished   integer NOT NULL,
    placed              integer NOT NULL,
    accepted            integer NOT NULL,
    returned            integer NOT NULL,
    waiting             integer NOT NULL,
    waiting_since       timestamptz,
    overdue             integer NOT NULL,
    due_at              timestamptz,
    last_act_at         timestamptz,
    PRIMARY KEY (slice_id, position)
);

-- The file whose SHA-256 the slice names.
CREATE TABLE slice_file (
    slice_id uuid  PRIMARY KEY REFERENCES slice ON DELETE CASCADE,
    body     bytea NOT NULL
);
-- Pieces of it are read one by one.
ALTER TABLE slice_file ALTER COLUMN body SET STORAGE EXTERNAL;

-- What the last verification found different; of many the first ones.
CREATE TABLE slice_difference (
    slice_id uuid    NOT NULL REFERENCES slice ON DELETE CASCADE,
    position integer NOT NULL,
    kept     text    NOT NULL, -- the line of the file, '' when it was not there
    made     text    NOT NULL, -- the line made anew
    PRIMARY KEY (slice_id, position)
);

-- Slices that take themselves: every so many days from a day on, on a day of each month, or on the days named; at an
-- hour of the round's zone.
CREATE TABLE slice_schedule (
    territory    text        NOT NULL COLLATE "C",
    round_id     uuid        NOT NULL,
    kind         text        NOT NULL CHECK (kind IN ('none', 'every', 'monthly', 'days')),
    from_on      date        NOT NULL,
    every_days   integer     NOT NULL DEFAULT 0,
    day_of_month integer     NOT NULL DEFAULT 0,
    days         date[]      NOT NULL DEFAULT '{}',
    hour         integer     NOT NULL CHECK (hour BETWEEN 0 AND 23),
    next_at      timestamptz, -- NULL: no more
    version      integer     NOT NULL DEFAULT 1,
    set_at       timestamptz NOT NULL,
    PRIMARY KEY (territory, round_id)
);
CREATE INDEX slice_schedule_next ON slice_schedule (next_at) WHERE next_at IS NOT NULL;

DO $$
DECLARE
    walled record;
    part text;
BEGIN
    FOR walled IN SELECT * FROM (VALUES ('organisation_told', 'path'), ('slice_row', 'path'), ('slice', 'territory'),
                                        ('slice_number', 'territory'), ('slice_schedule', 'territory')) w(name, path)
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', walled.name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', walled.name);
        EXECUTE format('CREATE POLICY territory ON %I USING'
                       ' (vekha_in_scope(%I, (SELECT current_setting(''vekha.scope'', true))))', walled.name, walled.path);
    END LOOP;
    FOREACH part IN ARRAY ARRAY['slice_file', 'slice_difference'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', part);
        EXECUTE format('CREATE POLICY territory ON %I USING (EXISTS (SELECT FROM slice s WHERE s.slice_id = %I.slice_id))',
                       part, part);
    END LOOP;
END
$$;

-- The first moment of a schedule after another one, or NULL.
CREATE FUNCTION slice_due_after(s slice_schedule, zone text, after timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT min(c.at)
      FROM (SELECT (d.day + make_time(s.hour, 0, 0)) AT TIME ZONE zone AS at
              FROM (SELECT g.day::date AS day
                      FROM generate_series(0, 366) n
                     CROSS JOIN LATERAL (SELECT greatest(s.from_on, (after AT TIME ZONE zone)::date) + n AS day) g
                     WHERE CASE s.kind WHEN 'every' THEN (g.day - s.from_on) % nullif(s.every_days, 0) = 0
                                       -- A month without that day: its last one.
                                       WHEN 'monthly' THEN extract(day FROM g.day) = least(s.day_of_month, extract(day FROM
                                            date_trunc('month', g.day::timestamp) + interval '1 month - 1 day'))
                                       ELSE false END
                    UNION ALL
                    SELECT x.day FROM unnest(s.days) x(day) WHERE s.kind = 'days') d) c
     WHERE c.at > after
$$;

-- The rows of a slice, made from what was written down up to its events alone. The same as roadmaps_on() (0005), which
-- a test holds beside it, but nothing here is looked up that is ever changed.
CREATE FUNCTION slice_made(asked slice) RETURNS SETOF slice_row LANGUAGE sql STABLE AS $$
    WITH sections AS MATERIALIZED (
        SELECT DISTINCT ON (v.code) v.*
          FROM section_version v
         WHERE v.programme_id = asked.programme_id AND v.event_number <= asked.submissions_number
         ORDER BY v.code, v.known_from >= asked.moment,
               CASE WHEN v.known_from < asked.moment THEN v.known_from END DESC, v.known_from
    ), items AS MATERIALIZED (
        SELECT DISTINCT ON (v.item_id) v.*
          FROM item_version v
         WHERE v.programme_id = asked.programme_id AND v.event_number <= asked.submissions_number
         ORDER BY v.item_id, v.known_from >= asked.moment,
               CASE WHEN v.known_from < asked.moment THEN v.known_from END DESC, v.known_from
    ), round_dues AS MATERIALIZED (
        SELECT v.due_at
          FROM round_due v
         WHERE v.round_id = asked.round_id AND v.event_number <= asked.submissions_number
         ORDER BY v.known_from >= asked.moment, CASE WHEN v.known_from < asked.moment THEN v.known_from END DESC,
               v.known_from, v.event_number DESC
         LIMIT 1
    ), changes AS (
        SELECT h.assignment_id, (array_agg(h.state ORDER BY h.at DESC, h.number DESC))[1] AS state,
               max(h.at) FILTER (WHERE h.state = 'in_review') AS sent_at,
               max(h.at) FILTER (WHERE h.state = 'accepted') AS accepted_at,
               max(h.at) FILTER (WHERE h.state = 'rejected') AS rejected_at, max(h.at) AS changed_at
          FROM history h
         WHERE h.round_id = asked.round_id AND h.at < asked.moment AND h.event_number <= asked.submissions_number
           AND in_territory(h.path, asked.territory)
         GROUP BY h.assignment_id
    ), dues AS (
        SELECT DISTINCT ON (d.assignment_id) d.assignment_id, d.due_at
          FROM assignment_due d
         WHERE d.round_id = asked.round_id AND d.at < asked.moment AND d.event_number <= asked.submissions_number
           AND in_territory(d.path, asked.territory)
         ORDER BY d.assignment_id, d.at DESC, d.number DESC
    ), item_plans AS (
        SELECT DISTINCT ON (p.assignment_id) p.assignment_id, p.planned_on, p.at
          FROM item_plan p
         WHERE p.round_id = asked.round_id AND p.at < asked.moment AND p.event_number <= asked.submissions_number
           AND in_territory(p.path, asked.territory)
         ORDER BY p.assignment_id, p.at DESC, p.number DESC
    ), section_plans AS MATERIALIZED (
        SELECT DISTINCT ON (p.organisation_id, p.section_code) p.*
          FROM section_plan p
         WHERE p.round_id = asked.round_id AND p.at < asked.moment AND p.event_number <= asked.submissions_number
           AND in_territory(p.path, asked.territory)
         ORDER BY p.organisation_id, p.section_code, p.at DESC, p.number DESC
    ), tasks AS (
        SELECT c.organisation_id, i.section_code, i.due_kind IS NOT DISTINCT FROM 'by_executor' AS is_template,
               p.planned_on IS NOT NULL AS is_activated, p.at AS planned_at, k.sent_at, k.changed_at,
               CASE k.state WHEN 'in_review' THEN 'waiting' WHEN 'accepted' THEN 'accepted' WHEN 'rejected' THEN 'returned'
                    ELSE CASE WHEN k.rejected_at > coalesce(k.accepted_at, '-infinity') THEN 'returned'
                              WHEN k.state = 'draft' THEN 'in_work' ELSE 'not_started' END END AS stands,
               CASE WHEN d.assignment_id IS NULL THEN (SELECT r.due_at FROM round_dues r) ELSE d.due_at END AS due_at
          FROM cell c
          JOIN items i ON i.item_id = c.item_id
          JOIN sections s ON s.code = i.section_code
          LEFT JOIN changes k ON k.assignment_id = c.assignment_id
          LEFT JOIN dues d ON d.assignment_id = c.assignment_id
          LEFT JOIN item_plans p ON p.assignment_id = c.assignment_id
          LEFT JOIN section_plans l ON l.organisation_id = c.organisation_id AND l.section_code = i.section_code
         WHERE c.round_id = asked.round_id AND in_territory(c.path, asked.territory)
           AND c.event_number <= asked.submissions_number
           AND CASE WHEN c.assigned_at IS NULL THEN true ELSE c.assigned_at < asked.moment END
           AND (NOT s.by_choice OR l.state IN ('chosen', 'activated'))
    ), counted AS (
        SELECT t.organisation_id, t.section_code, count(*) FILTER (WHERE t.is_template) AS templates_total,
               count(*) FILTER (WHERE t.is_template AND t.is_activated) AS templates_activated,
               count(*) FILTER (WHERE NOT t.is_template) AS measures_total,
               count(*) FILTER (WHERE NOT t.is_template AND t.stands <> 'not_started') AS measures_started,
               count(*) FILTER (WHERE NOT t.is_template AND t.stands = 'accepted') AS measures_finished,
               count(*) FILTER (WHERE t.stands IN ('waiting', 'accepted', 'returned')) AS placed,
               count(*) FILTER (WHERE t.stands = 'accepted') AS accepted,
               count(*) FILTER (WHERE t.stands = 'returned') AS returned,
               count(*) FILTER (WHERE t.stands = 'waiting') AS waiting,
               min(t.sent_at) FILTER (WHERE t.stands = 'waiting') AS waiting_since,
               count(*) FILTER (WHERE t.stands IN ('not_started', 'in_work', 'returned')
                                  AND coalesce(t.due_at < asked.moment, false)) AS overdue,
               min(t.due_at) FILTER (WHERE t.stands <> 'accepted') AS due_at,
               greatest(max(t.changed_at), max(t.planned_at)) AS last_act_at
          FROM tasks t
         GROUP BY t.organisation_id, t.section_code
    ), worked_on AS (
        SELECT c.organisation_id, c.section_code FROM counted c
        UNION
        SELECT p.organisation_id, p.section_code FROM section_plans p WHERE p.state IN ('chosen', 'activated')
    ), named AS (
        SELECT DISTINCT ON (o.organisation_id) o.*
          FROM organisation_told o
         WHERE o.event_number <= asked.auth_number AND in_territory(o.path, asked.territory)
         ORDER BY o.organisation_id, o.valid_from > asked.day,
               CASE WHEN o.valid_from <= asked.day THEN o.valid_from END DESC, o.valid_from, o.event_number DESC
    )
    SELECT asked.slice_id,
           row_number() OVER (ORDER BY p.path COLLATE "C", s.position, s.code COLLATE "C")::integer,
           p.organisation_id, p.path, coalesce(o.short_name, p.path), o.municipality_id, o.municipality_name,
           coalesce(s.code, ''), s.number, s.title, s.significance,
           CASE WHEN s.code IS NULL THEN 'not_chosen' WHEN l.state IN ('chosen', 'activated') THEN l.state
                WHEN s.due_kind = 'by_executor' THEN 'chosen' ELSE 'asked' END,
           l.planned_on, l.previous_on, l.reason, coalesce(l.moves, 0),
           coalesce(c.templates_total, 0)::integer, coalesce(c.templates_activated, 0)::integer,
           coalesce(c.measures_total, 0)::integer, coalesce(c.measures_started, 0)::integer,
           coalesce(c.measures_finished, 0)::integer, coalesce(c.placed, 0)::integer, coalesce(c.accepted, 0)::integer,
           coalesce(c.returned, 0)::integer, coalesce(c.waiting, 0)::integer, c.waiting_since,
           coalesce(c.overdue, 0)::integer, c.due_at, greatest(c.last_act_at, l.at)
      FROM participant p
      LEFT JOIN named o ON o.organisation_id = p.organisation_id
      LEFT JOIN (worked_on w JOIN sections s ON s.code = w.section_code) ON w.organisation_id = p.organisation_id
      LEFT JOIN counted c ON c.organisation_id = w.organisation_id AND c.section_code = w.section_code
      LEFT JOIN section_plans l ON l.organisation_id = w.organisation_id AND l.section_code = w.section_code
     WHERE p.round_id = asked.round_id AND p.assigned_at < asked.moment
       AND p.event_number <= asked.submissions_number AND in_territory(p.path, asked.territory)
$$;

-- The file: a line of names, then a line for each row; UTF-8, LF, RFC 4180 with semicolons, moments in UTC.
CREATE FUNCTION slice_names() RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT 'path;organisation;municipality;section_code;section_number;section_title;significance;state;planned_on;'
        || 'previous_on;move_reason;moves;templates_total;templates_activated;measures_total;measures_started;'
        || 'measures_finished;placed;accepted;returned;waiting;waiting_since;overdue;due_at;last_act_at' || E'\n'
$$;
CREATE FUNCTION slice_field(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN value ~ '[;"\r\n]' THEN '"' || replace(value, '"', '""') || '"' ELSE coalesce(value, '') END
$$;
CREATE FUNCTION slice_line(r slice_row) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT array_to_string(ARRAY[slice_field(r.path), slice_field(r.short_name), slice_field(r.municipality_name),
               slice_field(r.section_code), slice_field(r.section_number), slice_field(r.section_title),
               slice_field(r.significance), r.state, coalesce(to_char(r.planned_on, 'YYYY-MM-DD'), ''),
               coalesce(to_char(r.previous_on, 'YYYY-MM-DD'), ''), slice_field(r.move_reason), r.moves::text,
               r.templates_total::text, r.templates_activated::text, r.measures_total::text, r.measures_started::text,
               r.measures_finished::text, r.placed::text, r.accepted::text, r.returned::text, r.waiting::text,
               coalesce(vekha_time(r.waiting_since), ''), r.overdue::text, coalesce(vekha_time(r.due_at), ''),
               coalesce(vekha_time(r.last_act_at), '')], ';') || E'\n'
$$;
