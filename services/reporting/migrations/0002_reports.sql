-- What the reports read: one row per organisation that a round asks, in the borders of a day.

-- Compiling a report's plan takes longer than running it.
ALTER ROLE CURRENT_USER SET jit = off;

-- vekha_in_scope, written so that the planner expects many rows to pass (see the policies).
CREATE FUNCTION in_territory(path text, scope text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN scope = '*' THEN true ELSE vekha_in_scope(path, scope) END
$$;

-- The first moment of a day in a round's zone.
CREATE FUNCTION day_starts_at(day date, zone text) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT day::timestamp AT TIME ZONE zone
$$;

-- The tree on a day: the version that held then, or the first one known when the day is before it.
CREATE FUNCTION organisation_on(day date) RETURNS SETOF organisation_version LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (organisation_id) *
      FROM organisation_version
     ORDER BY organisation_id, valid_from > day, CASE WHEN valid_from <= day THEN valid_from END DESC, valid_from
$$;

-- Whom to call: the person of the profile while the account is open, else the organisation's own phone and e-mail.
CREATE FUNCTION contact_of(o organisation)
RETURNS TABLE (contact_name text, contact_position text, contact_phone text, contact_email text)
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN NOT o.contact_closed THEN o.contact_name END,
           CASE WHEN NOT o.contact_closed THEN o.contact_position END,
           coalesce(CASE WHEN NOT o.contact_closed THEN o.contact_phone END, o.phone),
           coalesce(CASE WHEN NOT o.contact_closed THEN o.contact_email END, o.email)
$$;

-- Schools and authorities have started when their respondent had been in the system before `moment`; the rest is other.
CREATE FUNCTION start_on(asked_round uuid, day date, moment timestamptz, scope text)
RETURNS TABLE (organisation_id uuid, path text, short_name text, inn text, municipality_id uuid,
               municipality_name text, "group" text, first_login_at timestamptz, contact_name text,
               contact_position text, contact_phone text, contact_email text)
LANGUAGE sql STABLE AS $$
    SELECT c.organisation_id, c.path, v.short_name, v.inn, v.municipality_id, v.municipality_name,
           CASE WHEN v.kind NOT IN ('school', 'authority') THEN 'other'
                WHEN o.first_login_at < moment THEN 'started'
                ELSE 'not_started' END,
           CASE WHEN o.first_login_at < moment THEN o.first_login_at END,
           p.contact_name, p.contact_position, p.contact_phone, p.contact_email
      FROM counter c
      JOIN organisation o ON o.organisation_id = c.organisation_id
      JOIN organisation_on(day) v ON v.organisation_id = c.organisation_id
     CROSS JOIN LATERAL contact_of(o) p
     WHERE c.round_id = asked_round AND in_territory(c.path, scope)
$$;

-- Today's state from the kept counters; `wanted` is the state whose items have data.
CREATE FUNCTION provided_now(asked_round uuid, wanted text, scope text)
RETURNS TABLE (organisation_id uuid, path text, kind text, short_name text, municipality_id uuid,
               municipality_name text, filled integer, total integer, drafts integer, in_review integer,
               accepted integer, rejected integer, begun boolean, draft_at timestamptz, sent_at timestamptz,
               accepted_at timestamptz, rejected_at timestamptz, first_login_at timestamptz, contact_name text,
               contact_position text, contact_phone text, contact_email text)
LANGUAGE sql STABLE AS $$
    SELECT c.organisation_id, c.path, o.kind, o.short_name, o.municipality_id, o.municipality_name,
           CASE wanted WHEN 'in_review' THEN c.in_review ELSE c.accepted END, c.total, c.draft, c.in_review,
           c.accepted, c.rejected, c.empty < c.total, c.draft_at, c.sent_at, c.accepted_at, c.rejected_at,
           o.first_login_at, p.contact_name, p.contact_position, p.contact_phone, p.contact_email
      FROM counter c
      JOIN organisation o ON o.organisation_id = c.organisation_id
     CROSS JOIN LATERAL contact_of(o) p
     WHERE c.round_id = asked_round AND in_territory(c.path, scope)
$$;

-- The same on a past day: an item has data when a value of it, in this round or before, was accepted before `moment`;
-- the other columns are the states of this round's cells at that moment. A cell that has not changed since still says
-- its state itself; only for the others the history is read.
CREATE FUNCTION provided_as_of(asked_round uuid, day date, scope text, moment timestamptz)
RETURNS TABLE (organisation_id uuid, path text, kind text, short_name text, municipality_id uuid,
               municipality_name text, filled integer, total integer, drafts integer, in_review integer,
               accepted integer, rejected integer, begun boolean, draft_at timestamptz, sent_at timestamptz,
               accepted_at timestamptz, rejected_at timestamptz, first_login_at timestamptz, contact_name text,
               contact_position text, contact_phone text, contact_email text)
LANGUAGE sql STABLE AS $$
    WITH cells AS (
        SELECT c.organisation_id, c.assignment_id, c.state, coalesce(c.known_since < moment, false) AS filled,
               greatest(c.draft_at, c.sent_at, c.accepted_at, c.rejected_at) AS at
          FROM cell c
         WHERE c.round_id = asked_round AND in_territory(c.path, scope)
    ), changed_since AS (
        SELECT DISTINCT ON (h.assignment_id) h.assignment_id, h.state, h.at
          FROM cells c
          JOIN history h ON h.assignment_id = c.assignment_id
         WHERE c.at >= moment AND h.round_id = asked_round AND h.at < moment
         ORDER BY h.assignment_id, h.at DESC, h.number DESC
    ), facts AS (
        SELECT c.organisation_id, c.filled, CASE WHEN c.at < moment THEN c.state ELSE s.state END AS state,
               CASE WHEN c.at < moment THEN c.at ELSE s.at END AS at
          FROM cells c
          LEFT JOIN changed_since s ON s.assignment_id = c.assignment_id
    ), counted AS (
        SELECT f.organisation_id, count(*) FILTER (WHERE f.filled) AS filled, count(*) AS total,
               count(*) FILTER (WHERE f.state = 'draft') AS drafts,
               count(*) FILTER (WHERE f.state = 'in_review') AS in_review,
               count(*) FILTER (WHERE f.state = 'accepted') AS accepted,
               count(*) FILTER (WHERE f.state = 'rejected') AS rejected,
               count(*) FILTER (WHERE f.state <> 'empty') > 0 AS begun,
               max(f.at) FILTER (WHERE f.state = 'draft') AS draft_at,
               max(f.at) FILTER (WHERE f.state = 'in_review') AS sent_at,
               max(f.at) FILTER (WHERE f.state = 'accepted') AS accepted_at,
               max(f.at) FILTER (WHERE f.state = 'rejected') AS rejected_at
          FROM facts f
         GROUP BY f.organisation_id
    )
    SELECT c.organisation_id, v.path, v.kind, v.short_name, v.municipality_id, v.municipality_name,
           c.filled::integer, c.total::integer, c.drafts::integer, c.in_review::integer, c.accepted::integer,
           c.rejected::integer, c.begun, c.draft_at, c.sent_at, c.accepted_at, c.rejected_at, o.first_login_at,
           p.contact_name, p.contact_position, p.contact_phone, p.contact_email
      FROM counted c
      JOIN organisation_on(day) v ON v.organisation_id = c.organisation_id
      JOIN organisation o ON o.organisation_id = c.organisation_id
     CROSS JOIN LATERAL contact_of(o) p
$$;
