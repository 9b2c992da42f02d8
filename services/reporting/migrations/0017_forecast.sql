-- Forecast: who will miss a date, from what came of like cases before.
--
-- A date is missed by an assignment that is neither under review nor accepted when its due moment is over: what every
-- report calls overdue. So many days before each due moment the state of every unfinished assignment is written down
-- with the chance that was forecast then; when the moment is over, what came of it is added to the rates and to the
-- account of how good the forecasts were. Moments are worked on in their order and as they were known then, however
-- late the work is: a forecast never knows what came after it.

-- Before the due moment; a case with more days left than one of these and fewer than the next counts as this one.
CREATE FUNCTION forecast_days() RETURNS integer[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT '{1,2,3,5,7,10,14,21,30,60,90}'::integer[]
$$;
-- The municipality's share weighs as much as so many cases of the organisation itself, the programme's as so many of the
-- municipality: a beta prior. (What organisations do comes in bundles, so single cases tell less than they seem to; of
-- the weights tried on simulated years of 15 to 180 schools no other was better in all.)
CREATE FUNCTION forecast_prior() RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 10 $$;
-- The same of the share of all states for the programme's share of one.
CREATE FUNCTION forecast_usual_prior() RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 2 $$;
-- With fewer cases of the programme so many days before the date nothing is said.
CREATE FUNCTION forecast_cases_min() RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 30 $$;

-- Up to where a round's moments have been worked on, and which comes next.
CREATE TABLE forecast_round (
    round_id  uuid        PRIMARY KEY,
    done_to   timestamptz NOT NULL,
    next_at   timestamptz,          -- NULL: none is known
    looked_at timestamptz NOT NULL  -- dues are set and moved meanwhile
);
CREATE INDEX forecast_round_next ON forecast_round (next_at) WHERE next_at IS NOT NULL;

-- Unfinished assignments so many days before their due moment, until it is over.
CREATE TABLE forecast_made (
    round_id      uuid        NOT NULL,
    due_at        timestamptz NOT NULL,
    assignment_id uuid        NOT NULL,
    days          integer     NOT NULL,
    path          text        NOT NULL COLLATE "C",
    stands        text        NOT NULL,
    chance        numeric(5, 4), -- NULL: too few cases were known
    usual         numeric(5, 4),
    PRIMARY KEY (round_id, due_at, assignment_id, days)
);

-- What came of cases: of an organisation, of what lies directly beside it (its municipality), of the programme ('').
CREATE TABLE forecast_rate (
    programme_id uuid    NOT NULL,
    unit         text    NOT NULL COLLATE "C",
    days         integer NOT NULL,
    -- idle (nothing due at that moment has been sent by the organisation), not_started, in_work, returned, waiting
    stands       text    NOT NULL,
    cases        integer NOT NULL,
    missed       integer NOT NULL,
    PRIMARY KEY (programme_id, unit, days, stands),
    CHECK (missed BETWEEN 0 AND cases)
) WITH (fillfactor = 80);

-- How good forecasts were: those of a tenth of the scale, so many days before the date.
CREATE TABLE forecast_quality (
    programme_id  uuid    NOT NULL,
    days          integer NOT NULL,
    tenth         integer NOT NULL CHECK (tenth BETWEEN 0 AND 9),
    forecasts     integer NOT NULL,
    missed        integer NOT NULL,
    chances       numeric NOT NULL, -- sum
    squares       numeric NOT NULL, -- sum of (chance - what happened)²
    usual_squares numeric NOT NULL, -- the same of the programme's share
    PRIMARY KEY (programme_id, days, tenth)
);

-- How soon answers got their verdicts, over the sixty days before the last moment that was worked on.
CREATE TABLE forecast_verdict (
    programme_id uuid    NOT NULL,
    unit         text    NOT NULL COLLATE "C", -- as of rates, without single organisations
    verdicts     integer NOT NULL,
    median_hours integer NOT NULL,
    PRIMARY KEY (programme_id, unit)
);

ALTER TABLE organisation ADD COLUMN last_login_at timestamptz; -- NULL: never, or before this was written down

-- Rates of a territory are seen inside it, and by those below: a school is told how its municipality does.
ALTER TABLE forecast_made ENABLE ROW LEVEL SECURITY;
ALTER TABLE forecast_made FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON forecast_made USING (
    CASE WHEN (SELECT current_setting('vekha.scope', true)) = '*' THEN true
         ELSE path = (SELECT current_setting('vekha.scope', true))
           OR starts_with(path, (SELECT current_setting('vekha.scope', true) || '.')) END);
DO $$
DECLARE
    walled text;
BEGIN
    FOREACH walled IN ARRAY ARRAY['forecast_rate', 'forecast_verdict'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', walled);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', walled);
        EXECUTE format($policy$CREATE POLICY territory ON %I USING (
            CASE WHEN (SELECT current_setting('vekha.scope', true)) = '*' THEN true
                 ELSE unit = '' OR unit = (SELECT current_setting('vekha.scope', true))
                   OR starts_with(unit, (SELECT current_setting('vekha.scope', true) || '.'))
                   OR starts_with((SELECT current_setting('vekha.scope', true)), unit || '.') END)$policy$, walled);
    END LOOP;
END
$$;

-- The next moment of a round behind another one: a due moment, or one of the days before it.
CREATE FUNCTION forecast_next(asked_round uuid, after timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT min(m.at)
      FROM (SELECT due_at FROM round_due WHERE round_id = asked_round
            UNION
            SELECT due_at FROM assignment_due WHERE round_id = asked_round) d
     CROSS JOIN unnest(0 || forecast_days()) n(days)
     CROSS JOIN LATERAL (SELECT d.due_at - n.days * interval '24 hours' AS at) m
     WHERE d.due_at IS NOT NULL AND m.at > after
$$;

-- Assignments with a due moment, how they stand for a forecast and how much of what the organisation owes at the same
-- moment is sent.
CREATE FUNCTION forecast_tasks(asked_round uuid, moment timestamptz, scope text, curator uuid)
RETURNS TABLE (assignment_id uuid, organisation_id uuid, path text, item_id uuid, section_code text, stands text,
               due_at timestamptz, asked bigint, sent bigint, returned bigint)
LANGUAGE sql STABLE AS $$
    WITH tasks AS MATERIALIZED (
        SELECT k.* FROM tasks_on(asked_round, moment, moment, scope, curator) k
    )
    SELECT t.assignment_id, t.organisation_id, t.path, t.item_id, t.section_code,
           CASE WHEN t.stands = 'not_started' AND t.placed = 0 THEN 'idle' ELSE t.stands END,
           t.due_at, t.asked, t.sent, t.returned
      FROM (SELECT t.*, count(*) OVER w AS asked,
                   count(*) FILTER (WHERE t.stands IN ('waiting', 'accepted', 'returned')) OVER w AS placed,
                   count(*) FILTER (WHERE t.stands IN ('waiting', 'accepted')) OVER w AS sent,
                   count(*) FILTER (WHERE t.stands = 'returned') OVER w AS returned
              FROM tasks t
             WHERE t.due_at IS NOT NULL
            WINDOW w AS (PARTITION BY t.organisation_id, t.due_at)) t
$$;

-- The chance of each unfinished assignment to miss its date, with the shares that it rests on: how often cases in the
-- same state as many days before their date missed it, of the organisation, drawn to the municipality's share, that one
-- to the programme's, and this one to the share of all states (`usual`).
CREATE FUNCTION forecast_on(asked_round uuid, moment timestamptz, scope text, curator uuid)
RETURNS TABLE (assignment_id uuid, organisation_id uuid, path text, item_id uuid, section_code text, stands text,
               due_at timestamptz, days_left integer, days integer, asked bigint, sent bigint, returned bigint,
               own_cases integer, own_missed integer, near_cases integer, near_missed integer, all_cases integer,
               all_missed integer, usual numeric, chance numeric)
LANGUAGE sql STABLE AS $$
    WITH tasks AS MATERIALIZED (
        -- A column and not a call, so that the index finds it behind the second wall.
        SELECT k.*, parent_of(k.path) AS parent, ceil(extract(epoch FROM k.due_at - moment) / 86400)::integer AS days_left
          FROM forecast_tasks(asked_round, moment, scope, curator) k
         WHERE k.stands <> 'accepted' AND k.due_at > moment
    ), usual AS MATERIALIZED (
        SELECT r.days, sum(r.cases) AS cases, sum(r.missed) AS missed
          FROM forecast_rate r
         WHERE r.programme_id = (SELECT programme_of(asked_round)) AND r.unit = ''
         GROUP BY r.days
    )
    SELECT t.assignment_id, t.organisation_id, t.path, t.item_id, t.section_code, t.stands, t.due_at, t.days_left,
           k.days, t.asked, t.sent, t.returned, coalesce(o.cases, 0), coalesce(o.missed, 0), coalesce(m.cases, 0),
           coalesce(m.missed, 0), coalesce(p.cases, 0), coalesce(p.missed, 0), u.share,
           CASE WHEN u.share IS NOT NULL THEN round((
               (coalesce(o.missed, 0) + forecast_prior() * (
                (coalesce(m.missed, 0) + forecast_prior() * (
                 (coalesce(p.missed, 0) + forecast_usual_prior() * u.share)
                 / (coalesce(p.cases, 0) + forecast_usual_prior())))
                / (coalesce(m.cases, 0) + forecast_prior())))
               / (coalesce(o.cases, 0) + forecast_prior()))::numeric, 4) END
      FROM tasks t
      JOIN (SELECT d.days, lead(d.days) OVER (ORDER BY d.days) AS below FROM unnest(forecast_days()) d(days)) k
        ON t.days_left >= k.days AND (k.below IS NULL OR t.days_left < k.below)
      LEFT JOIN LATERAL (SELECT round((x.missed + 1.0) / (x.cases + 2.0), 4) AS share FROM usual x
                          WHERE x.days = k.days AND x.cases >= forecast_cases_min()) u ON true
      LEFT JOIN forecast_rate o ON o.programme_id = (SELECT programme_of(asked_round)) AND o.unit = t.path
                               AND o.days = k.days AND o.stands = t.stands
      LEFT JOIN forecast_rate m ON m.programme_id = (SELECT programme_of(asked_round)) AND m.unit = t.parent
                               AND m.days = k.days AND m.stands = t.stands AND m.unit <> ''
      LEFT JOIN forecast_rate p ON p.programme_id = (SELECT programme_of(asked_round)) AND p.unit = ''
                               AND p.days = k.days AND p.stands = t.stands
$$;
