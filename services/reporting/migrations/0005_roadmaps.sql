-- What reports on road maps read: how programmes were described, what organisations planned and by when, who answers
-- for them. Nothing of it is ever changed, only added to with its moment, so that a report on a past day stays what it
-- was.

-- Sections and items as each loading of the programme described them. The last one before a moment holds at it, and the
-- first one before that.
CREATE TABLE programme_version (
    programme_id uuid        NOT NULL,
    known_from   timestamptz NOT NULL,
    reviewer     text        NOT NULL, -- operator, curator
    PRIMARY KEY (programme_id, known_from)
);
CREATE TABLE section_version (
    programme_id        uuid        NOT NULL,
    code                text        NOT NULL,
    known_from          timestamptz NOT NULL,
    title               text        NOT NULL,
    number              text,
    position            integer     NOT NULL,
    by_choice           boolean     NOT NULL DEFAULT false,
    significance        text,
    due_kind            text,
    due_on              date,
    due_from            date,
    due_owner           text,
    due_text            text,
    due_footnote        text,
    responsible_titles  text[]      NOT NULL DEFAULT '{}',
    responsible_codes   text[]      NOT NULL DEFAULT '{}', -- '' is outside the system
    depends_on          text[]      NOT NULL DEFAULT '{}',
    series              text,
    PRIMARY KEY (programme_id, code, known_from)
);
CREATE TABLE item_version (
    item_id      uuid        NOT NULL,
    known_from   timestamptz NOT NULL,
    programme_id uuid        NOT NULL,
    code         text        NOT NULL,
    section_code text        NOT NULL,
    question     text        NOT NULL,
    value_kind   text        NOT NULL,
    position     integer     NOT NULL,
    due_kind     text,
    stage        text,
    PRIMARY KEY (item_id, known_from)
);
CREATE INDEX item_version_programme ON item_version (programme_id);

INSERT INTO programme_version SELECT programme_id, '-infinity', 'operator' FROM programme;
INSERT INTO section_version (programme_id, code, known_from, title, position)
    SELECT programme_id, section_code, '-infinity', min(section_title), min(position)
      FROM item GROUP BY programme_id, section_code;
INSERT INTO item_version
    SELECT item_id, '-infinity', programme_id, code, section_code, question, value_kind, position FROM item;

CREATE TABLE round_due (
    round_id   uuid        NOT NULL,
    known_from timestamptz NOT NULL,
    due_at     timestamptz,
    PRIMARY KEY (round_id, known_from)
);
INSERT INTO round_due SELECT round_id, '-infinity', due_at FROM round;

-- Whom a round asks, those with nothing to do yet too (S1.38).
CREATE TABLE participant (
    round_id        uuid        NOT NULL,
    organisation_id uuid        NOT NULL,
    path            text        NOT NULL COLLATE "C",
    assigned_at     timestamptz NOT NULL,
    PRIMARY KEY (round_id, organisation_id)
);
CREATE INDEX participant_path ON participant (round_id, path);
INSERT INTO participant SELECT round_id, organisation_id, path, '-infinity' FROM counter;

ALTER TABLE cell ADD COLUMN assigned_at timestamptz; -- NULL: before this was written down
-- A recurring date asks for the same item several times.
ALTER TABLE cell DROP CONSTRAINT cell_organisation_id_item_id_round_id_key;
CREATE INDEX cell_item ON cell (organisation_id, item_id);

-- Due dates of single assignments; without a row it is the round's. due_at NULL: somebody still has to set it.
CREATE TABLE assignment_due (
    number          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    round_id        uuid        NOT NULL,
    assignment_id   uuid        NOT NULL,
    organisation_id uuid        NOT NULL,
    path            text        NOT NULL COLLATE "C",
    due_at          timestamptz,
    at              timestamptz NOT NULL
);
CREATE INDEX assignment_due_round ON assignment_due (round_id, assignment_id, at);

-- What organisations decided about sections and about items of their own date, each move of a date with its reason
-- (S1.8-S1.13).
CREATE TABLE section_plan (
    number          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    round_id        uuid        NOT NULL,
    organisation_id uuid        NOT NULL,
    path            text        NOT NULL COLLATE "C",
    section_code    text        NOT NULL,
    state           text        NOT NULL, -- chosen, activated, dropped
    planned_on      date,
    previous_on     date,
    reason          text,
    moves           integer     NOT NULL,
    at              timestamptz NOT NULL
);
CREATE INDEX section_plan_round ON section_plan (round_id, organisation_id, section_code, at);
CREATE TABLE item_plan (
    number          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    round_id        uuid        NOT NULL,
    assignment_id   uuid        NOT NULL,
    organisation_id uuid        NOT NULL,
    path            text        NOT NULL COLLATE "C",
    planned_on      date,
    previous_on     date,
    reason          text,
    moves           integer     NOT NULL,
    at              timestamptz NOT NULL
);
CREATE INDEX item_plan_round ON item_plan (round_id, assignment_id, at);

-- Days that a schedule's owner has named (S3.14).
CREATE TABLE schedule (
    number       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    round_id     uuid        NOT NULL,
    section_code text        NOT NULL,
    due_on       date,
    previous_on  date,
    reason       text,
    at           timestamptz NOT NULL
);
CREATE INDEX schedule_round ON schedule (round_id, section_code, at);

CREATE TABLE curator_binding (
    number          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id      uuid        NOT NULL,
    organisation_id uuid        NOT NULL,
    path            text        NOT NULL COLLATE "C",
    bound           boolean     NOT NULL,
    at              timestamptz NOT NULL
);
CREATE INDEX curator_binding_account ON curator_binding (account_id, organisation_id, at);
CREATE INDEX curator_binding_organisation ON curator_binding (organisation_id, account_id, at);

-- Coordinators and curators: who they are, when they came, what they looked at (S1.30).
CREATE TABLE watcher (
    account_id      uuid        PRIMARY KEY,
    organisation_id uuid        NOT NULL,
    path            text        NOT NULL COLLATE "C", -- of the territory
    role            text        NOT NULL CHECK (role IN ('coordinator', 'curator')),
    issued_at       timestamptz NOT NULL,
    closed_at       timestamptz
);
CREATE TABLE watcher_name (
    account_id uuid        NOT NULL,
    known_from timestamptz NOT NULL,
    name       text        NOT NULL,
    PRIMARY KEY (account_id, known_from)
);
CREATE TABLE visit (
    account_id uuid        NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (account_id, at)
);
CREATE TABLE report_view (
    account_id uuid        NOT NULL,
    report     text        NOT NULL,
    hour       timestamptz NOT NULL,
    views      integer     NOT NULL,
    last_at    timestamptz NOT NULL,
    PRIMARY KEY (account_id, hour, report)
);

-- The second wall, as in 0001. Who watches is seen where they watch, a curator also where the schools are.
DO $$
DECLARE
    walled text;
BEGIN
    FOREACH walled IN ARRAY ARRAY['participant', 'assignment_due', 'section_plan', 'item_plan', 'curator_binding'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', walled);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', walled);
        EXECUTE format($policy$CREATE POLICY territory ON %I USING (
            CASE WHEN (SELECT current_setting('vekha.scope', true)) = '*' THEN true
                 ELSE path = (SELECT current_setting('vekha.scope', true))
                   OR starts_with(path, (SELECT current_setting('vekha.scope', true) || '.')) END)$policy$, walled);
    END LOOP;
    ALTER TABLE watcher ENABLE ROW LEVEL SECURITY;
    ALTER TABLE watcher FORCE ROW LEVEL SECURITY;
    CREATE POLICY territory ON watcher USING (
        CASE WHEN (SELECT current_setting('vekha.scope', true)) = '*' THEN true
             ELSE path = (SELECT current_setting('vekha.scope', true))
               OR starts_with(path, (SELECT current_setting('vekha.scope', true) || '.'))
               OR account_id IN (SELECT b.account_id FROM curator_binding b) END);
    FOREACH walled IN ARRAY ARRAY['watcher_name', 'visit', 'report_view'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', walled);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', walled);
        EXECUTE format($policy$CREATE POLICY territory ON %I USING (
            CASE WHEN (SELECT current_setting('vekha.scope', true)) = '*' THEN true
                 ELSE account_id IN (SELECT w.account_id FROM watcher w) END)$policy$, walled);
    END LOOP;
END
$$;

CREATE FUNCTION programme_of(asked_round uuid) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT programme_id FROM round WHERE round_id = asked_round
$$;

CREATE FUNCTION sections_on(asked_round uuid, moment timestamptz) RETURNS SETOF section_version LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (code) *
      FROM section_version
     WHERE programme_id = (SELECT programme_of(asked_round))
     ORDER BY code, known_from >= moment, CASE WHEN known_from < moment THEN known_from END DESC, known_from
$$;

CREATE FUNCTION items_on(asked_round uuid, moment timestamptz) RETURNS SETOF item_version LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (item_id) *
      FROM item_version
     WHERE programme_id = (SELECT programme_of(asked_round))
     ORDER BY item_id, known_from >= moment, CASE WHEN known_from < moment THEN known_from END DESC, known_from
$$;

CREATE FUNCTION round_due_on(asked_round uuid, moment timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT due_at
      FROM round_due
     WHERE round_id = asked_round
     ORDER BY known_from >= moment, CASE WHEN known_from < moment THEN known_from END DESC, known_from
     LIMIT 1
$$;

CREATE FUNCTION reviewer_on(asked_round uuid, moment timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT reviewer
      FROM programme_version
     WHERE programme_id = (SELECT programme_of(asked_round))
     ORDER BY known_from >= moment, CASE WHEN known_from < moment THEN known_from END DESC, known_from
     LIMIT 1
$$;

-- Schools that a curator answers for now: of nothing else may a curator know.
CREATE FUNCTION curated_by(curator uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT b.organisation_id
      FROM (SELECT DISTINCT ON (organisation_id) organisation_id, bound
              FROM curator_binding
             WHERE account_id = curator
             ORDER BY organisation_id, at DESC, number DESC) b
     WHERE b.bound
$$;

CREATE FUNCTION watcher_name_on(asked uuid, moment timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT name FROM watcher_name WHERE account_id = asked AND known_from < moment ORDER BY known_from DESC LIMIT 1
$$;

-- Names of those who answered for a school at a moment.
CREATE FUNCTION curators_on(school uuid, moment timestamptz) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT array_agg(n.name ORDER BY n.name)
      FROM (SELECT DISTINCT ON (account_id) account_id, bound
              FROM curator_binding
             WHERE organisation_id = school AND at < moment
             ORDER BY account_id, at DESC, number DESC) b
     CROSS JOIN LATERAL (SELECT watcher_name_on(b.account_id, moment) AS name) n
     WHERE b.bound AND n.name IS NOT NULL
$$;

-- Every assignment of a round as it was at a moment. A cell that has not changed since still says its state itself; only
-- for the others the history is read. `stands`: not_started, in_work, waiting, accepted, returned; what was returned
-- stays returned while it is being mended.
CREATE FUNCTION cells_on(asked_round uuid, moment timestamptz, scope text, curator uuid)
RETURNS TABLE (assignment_id uuid, organisation_id uuid, path text, item_id uuid, stands text, sent_at timestamptz,
               changed_at timestamptz)
LANGUAGE sql STABLE AS $$
    WITH asked AS (
        SELECT c.assignment_id, c.organisation_id, c.path, c.item_id, c.state, c.sent_at, c.accepted_at, c.rejected_at,
               greatest(c.draft_at, c.sent_at, c.accepted_at, c.rejected_at) AS changed_at
          FROM cell c
         WHERE c.round_id = asked_round AND in_territory(c.path, scope)
           AND CASE WHEN c.assigned_at IS NULL THEN true ELSE c.assigned_at < moment END
           AND CASE WHEN curator IS NULL THEN true ELSE c.organisation_id IN (SELECT curated_by(curator)) END
    ), before AS (
        SELECT h.assignment_id, (array_agg(h.state ORDER BY h.at DESC, h.number DESC))[1] AS state,
               max(h.at) FILTER (WHERE h.state = 'in_review') AS sent_at,
               max(h.at) FILTER (WHERE h.state = 'accepted') AS accepted_at,
               max(h.at) FILTER (WHERE h.state = 'rejected') AS rejected_at, max(h.at) AS changed_at
          FROM asked a
          JOIN history h ON h.assignment_id = a.assignment_id AND h.at < moment
         WHERE a.changed_at >= moment
         GROUP BY h.assignment_id
    ), known AS (
        SELECT a.assignment_id, a.organisation_id, a.path, a.item_id, a.state, a.sent_at, a.accepted_at, a.rejected_at,
               a.changed_at
          FROM asked a
         WHERE a.changed_at IS NULL OR a.changed_at < moment
        UNION ALL
        SELECT a.assignment_id, a.organisation_id, a.path, a.item_id, coalesce(b.state, 'empty'), b.sent_at,
               b.accepted_at, b.rejected_at, b.changed_at
          FROM asked a
          LEFT JOIN before b ON b.assignment_id = a.assignment_id
         WHERE a.changed_at >= moment
    )
    SELECT k.assignment_id, k.organisation_id, k.path, k.item_id,
           CASE WHEN k.state = 'in_review' THEN 'waiting'
                WHEN k.state = 'accepted' THEN 'accepted'
                WHEN k.state = 'rejected' OR k.rejected_at > coalesce(k.accepted_at, '-infinity') THEN 'returned'
                WHEN k.state = 'draft' THEN 'in_work'
                ELSE 'not_started' END,
           CASE WHEN k.state = 'in_review' THEN k.sent_at END, k.changed_at
      FROM known k
$$;

CREATE FUNCTION section_plans_on(asked_round uuid, moment timestamptz, scope text)
RETURNS SETOF section_plan LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (organisation_id, section_code) *
      FROM section_plan
     WHERE round_id = asked_round AND at < moment AND in_territory(path, scope)
     ORDER BY organisation_id, section_code, at DESC, number DESC
$$;

-- Assignments with their sections, plans and due dates; of sections by choice only those that the organisation has
-- chosen. An item of its own date by the executor is a template: it is activated by itself (S1.11).
CREATE FUNCTION tasks_on(asked_round uuid, moment timestamptz, seen_at timestamptz, scope text, curator uuid)
RETURNS TABLE (assignment_id uuid, organisation_id uuid, path text, item_id uuid, section_code text, stands text,
               sent_at timestamptz, changed_at timestamptz, is_template boolean, is_activated boolean,
               planned_at timestamptz, due_at timestamptz, due_unknown boolean, is_overdue boolean)
LANGUAGE sql STABLE AS $$
    WITH dues AS (
        SELECT DISTINCT ON (d.assignment_id) d.assignment_id, d.due_at
          FROM assignment_due d
         WHERE d.round_id = asked_round AND d.at < moment AND in_territory(d.path, scope)
         ORDER BY d.assignment_id, d.at DESC, d.number DESC
    ), item_plans AS (
        SELECT DISTINCT ON (p.assignment_id) p.assignment_id, p.planned_on, p.at
          FROM item_plan p
         WHERE p.round_id = asked_round AND p.at < moment AND in_territory(p.path, scope)
         ORDER BY p.assignment_id, p.at DESC, p.number DESC
    ), tasks AS (
        SELECT c.*, i.section_code, i.due_kind IS NOT DISTINCT FROM 'by_executor' AS is_template,
               p.planned_on IS NOT NULL AS is_activated, p.at AS planned_at,
               CASE WHEN d.assignment_id IS NULL THEN (SELECT round_due_on(asked_round, moment)) ELSE d.due_at END AS due_at,
               d.assignment_id IS NOT NULL AND d.due_at IS NULL AS due_unknown
          FROM cells_on(asked_round, moment, scope, curator) c
          JOIN items_on(asked_round, moment) i ON i.item_id = c.item_id
          LEFT JOIN dues d ON d.assignment_id = c.assignment_id
          LEFT JOIN item_plans p ON p.assignment_id = c.assignment_id
    )
    SELECT t.assignment_id, t.organisation_id, t.path, t.item_id, t.section_code, t.stands, t.sent_at, t.changed_at,
           t.is_template, t.is_activated, t.planned_at, t.due_at, t.due_unknown,
           t.stands IN ('not_started', 'in_work', 'returned') AND coalesce(t.due_at < seen_at, false)
      FROM tasks t
      JOIN sections_on(asked_round, moment) s ON s.code = t.section_code
      LEFT JOIN section_plans_on(asked_round, moment, scope) p
             ON p.organisation_id = t.organisation_id AND p.section_code = t.section_code
     WHERE NOT s.by_choice OR p.state IN ('chosen', 'activated')
$$;

-- The base report: one row for each section that an organisation works on (S1.31).
CREATE FUNCTION roadmaps_on(asked_round uuid, moment timestamptz, seen_at timestamptz, scope text, curator uuid)
RETURNS TABLE (organisation_id uuid, section_code text, section_title text, section_number text, significance text,
               section_position integer, state text, planned_on date, previous_on date, reason text, moves integer,
               templates_total bigint, templates_activated bigint, measures_total bigint, measures_started bigint,
               measures_finished bigint, placed bigint, accepted bigint, returned bigint, waiting bigint,
               waiting_since timestamptz, overdue bigint, due_at timestamptz, last_act_at timestamptz)
LANGUAGE sql STABLE AS $$
    WITH counted AS (
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
               count(*) FILTER (WHERE t.is_overdue) AS overdue,
               min(t.due_at) FILTER (WHERE t.stands <> 'accepted') AS due_at,
               greatest(max(t.changed_at), max(t.planned_at)) AS last_act_at
          FROM tasks_on(asked_round, moment, seen_at, scope, curator) t
         GROUP BY t.organisation_id, t.section_code
    ), plans AS (
        SELECT p.*
          FROM section_plans_on(asked_round, moment, scope) p
         WHERE CASE WHEN curator IS NULL THEN true ELSE p.organisation_id IN (SELECT curated_by(curator)) END
    ), asked AS (
        SELECT c.organisation_id, c.section_code FROM counted c
        UNION
        SELECT p.organisation_id, p.section_code FROM plans p WHERE p.state IN ('chosen', 'activated')
    )
    SELECT a.organisation_id, a.section_code, s.title, s.number, s.significance, s.position,
           CASE WHEN p.state IN ('chosen', 'activated') THEN p.state
                WHEN s.due_kind = 'by_executor' THEN 'chosen' ELSE 'asked' END,
           p.planned_on, p.previous_on, p.reason, coalesce(p.moves, 0),
           coalesce(c.templates_total, 0), coalesce(c.templates_activated, 0), coalesce(c.measures_total, 0),
           coalesce(c.measures_started, 0), coalesce(c.measures_finished, 0), coalesce(c.placed, 0),
           coalesce(c.accepted, 0), coalesce(c.returned, 0), coalesce(c.waiting, 0), c.waiting_since,
           coalesce(c.overdue, 0), c.due_at, greatest(c.last_act_at, p.at)
      FROM asked a
      JOIN sections_on(asked_round, moment) s ON s.code = a.section_code
      LEFT JOIN counted c ON c.organisation_id = a.organisation_id AND c.section_code = a.section_code
      LEFT JOIN plans p ON p.organisation_id = a.organisation_id AND p.section_code = a.section_code
$$;

-- Whom a round asked at a moment, of one municipality if it is given.
CREATE FUNCTION participants_on(asked_round uuid, moment timestamptz, day date, scope text, curator uuid,
                                municipality uuid)
RETURNS TABLE (organisation_id uuid, path text) LANGUAGE sql STABLE AS $$
    SELECT p.organisation_id, p.path
      FROM participant p
     WHERE p.round_id = asked_round AND p.assigned_at < moment AND in_territory(p.path, scope)
       AND CASE WHEN curator IS NULL THEN true ELSE p.organisation_id IN (SELECT curated_by(curator)) END
       AND CASE WHEN municipality IS NULL THEN true ELSE
           p.organisation_id IN (SELECT m.organisation_id FROM organisation_version m
                                  WHERE m.municipality_id = municipality)
           AND (SELECT v.municipality_id = municipality FROM version_on(p.organisation_id, day) v) END
$$;
