-- A page of a report costs what it shows: it walks the counters by path from where the last page ended, and looks up
-- what belongs to these organisations only. The counters of the whole report are kept by the changes themselves.

-- How many organisations directly below a path a round asks, and how many of them have data. This is exact for every
-- territory: an organisation is below a path when its parent is inside it. Only counters write here, and those follow
-- one stream.
CREATE TABLE round_total (
    round_id      uuid    NOT NULL,
    parent_path   text    NOT NULL COLLATE "C", -- '' of a path without a dot
    organisations integer NOT NULL,
    with_new      integer NOT NULL,
    with_accepted integer NOT NULL,
    PRIMARY KEY (round_id, parent_path),
    CHECK (with_new BETWEEN 0 AND organisations AND with_accepted BETWEEN 0 AND organisations)
) WITH (fillfactor = 60);
ALTER TABLE round_total ENABLE ROW LEVEL SECURITY;
ALTER TABLE round_total FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON round_total USING (
    CASE WHEN (SELECT current_setting('vekha.scope', true)) = '*' THEN true
         ELSE parent_path = (SELECT current_setting('vekha.scope', true))
           OR starts_with(parent_path, (SELECT current_setting('vekha.scope', true) || '.')) END);

CREATE FUNCTION parent_of(path text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN strpos(path, '.') = 0 THEN '' ELSE left(path, length(path) - strpos(reverse(path), '.')) END
$$;

CREATE FUNCTION add_to_round_total() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO round_total AS t
        VALUES (NEW.round_id, parent_of(NEW.path), 1, (NEW.in_review > 0)::integer, (NEW.accepted > 0)::integer)
        ON CONFLICT (round_id, parent_path) DO UPDATE SET organisations = t.organisations + 1,
            with_new = t.with_new + EXCLUDED.with_new, with_accepted = t.with_accepted + EXCLUDED.with_accepted;
    RETURN NULL;
END
$$;
CREATE TRIGGER add_to_round_total AFTER INSERT ON counter FOR EACH ROW EXECUTE FUNCTION add_to_round_total();

CREATE FUNCTION move_round_total() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE round_total
       SET with_new = with_new + (NEW.in_review > 0)::integer - (OLD.in_review > 0)::integer,
           with_accepted = with_accepted + (NEW.accepted > 0)::integer - (OLD.accepted > 0)::integer
     WHERE round_id = NEW.round_id AND parent_path = parent_of(NEW.path);
    RETURN NULL;
END
$$;
-- An organisation's first and last item of a state; all others leave the totals alone.
CREATE TRIGGER move_round_total AFTER UPDATE ON counter FOR EACH ROW
    WHEN ((OLD.in_review > 0) <> (NEW.in_review > 0) OR (OLD.accepted > 0) <> (NEW.accepted > 0))
    EXECUTE FUNCTION move_round_total();

INSERT INTO round_total
    SELECT round_id, parent_of(path), count(*), count(*) FILTER (WHERE in_review > 0), count(*) FILTER (WHERE accepted > 0)
      FROM counter GROUP BY round_id, parent_of(path);

-- Since when any value of the organisation's items of this round is known: the earliest known_since of its cells.
ALTER TABLE counter ADD COLUMN known_since timestamptz;
UPDATE counter k SET known_since = c.known_since
  FROM (SELECT round_id, organisation_id, min(known_since) AS known_since FROM cell GROUP BY round_id, organisation_id) c
 WHERE k.round_id = c.round_id AND k.organisation_id = c.organisation_id AND c.known_since IS NOT NULL;

CREATE OR REPLACE FUNCTION tell_cells_of_accepted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH told AS (
        UPDATE cell SET known_since = NEW.at
         WHERE organisation_id = NEW.organisation_id AND item_id = NEW.item_id
           AND (known_since IS NULL OR known_since > NEW.at)
        RETURNING round_id
    )
    UPDATE counter k SET known_since = NEW.at
      FROM told t
     WHERE k.round_id = t.round_id AND k.organisation_id = NEW.organisation_id
       AND (k.known_since IS NULL OR k.known_since > NEW.at);
    RETURN NULL;
END
$$;

-- Of a municipality, and of the few kinds that are neither school nor authority, on any day.
CREATE INDEX organisation_municipality ON organisation (municipality_id);
CREATE INDEX organisation_other ON organisation (organisation_id) WHERE kind NOT IN ('school', 'authority');
CREATE INDEX organisation_version_municipality ON organisation_version (municipality_id);
CREATE INDEX organisation_version_other ON organisation_version (organisation_id)
    WHERE kind NOT IN ('school', 'authority');

-- A territory's paths behind `after`, as a range of an index; what else lies in the range in_territory leaves out.
CREATE FUNCTION in_walk(path text, scope text, after text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT path COLLATE "C" > after COLLATE "C"
       AND path COLLATE "C" >= CASE WHEN scope = '*' THEN '' ELSE scope END COLLATE "C"
       AND path COLLATE "C" < CASE WHEN scope = '*' THEN U&'\+10FFFF' ELSE scope || '/' END COLLATE "C"
       AND in_territory(path, scope)
$$;

-- The version of one organisation that held on a day, or the first one known when the day is before it.
CREATE FUNCTION version_on(asked uuid, day date) RETURNS SETOF organisation_version LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT *
      FROM organisation_version
     WHERE organisation_id = asked
     ORDER BY valid_from > day, CASE WHEN valid_from <= day THEN valid_from END DESC, valid_from
     LIMIT 1
$$;

-- Who answers for one organisation today. OFFSET 0: it is looked up for the rows of a page, never joined as a whole.
CREATE FUNCTION person_of(asked uuid)
RETURNS TABLE (kind text, short_name text, municipality_id uuid, municipality_name text, first_login_at timestamptz,
               contact_name text, contact_position text, contact_phone text, contact_email text)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT o.kind, o.short_name, o.municipality_id, o.municipality_name, o.first_login_at,
           p.contact_name, p.contact_position, p.contact_phone, p.contact_email
      FROM organisation o
     CROSS JOIN LATERAL contact_of(o) p
     WHERE o.organisation_id = asked
    OFFSET 0
$$;

-- provided_now(), in the order of paths behind `after`, of one municipality if it is given.
CREATE FUNCTION provided_walk(asked_round uuid, wanted text, scope text, municipality uuid, after text)
RETURNS TABLE (organisation_id uuid, path text, kind text, short_name text, municipality_name text, filled integer,
               total integer, drafts integer, in_review integer, accepted integer, rejected integer, begun boolean,
               draft_at timestamptz, sent_at timestamptz, accepted_at timestamptz, rejected_at timestamptz,
               first_login_at timestamptz, contact_name text, contact_position text, contact_phone text,
               contact_email text)
LANGUAGE sql STABLE AS $$
    SELECT c.organisation_id, c.path, o.kind, o.short_name, o.municipality_name,
           CASE wanted WHEN 'in_review' THEN c.in_review ELSE c.accepted END, c.total, c.draft, c.in_review,
           c.accepted, c.rejected, c.empty < c.total, c.draft_at, c.sent_at, c.accepted_at, c.rejected_at,
           o.first_login_at, o.contact_name, o.contact_position, o.contact_phone, o.contact_email
      FROM counter c
     CROSS JOIN LATERAL person_of(c.organisation_id) o
     WHERE c.round_id = asked_round AND in_walk(c.path, scope, after)
       AND CASE WHEN municipality IS NULL THEN true ELSE
           c.organisation_id IN (SELECT m.organisation_id FROM organisation m WHERE m.municipality_id = municipality) END
$$;

-- Of the whole report: how many organisations have data, how many have none; of those with data, who are neither
-- schools nor authorities.
CREATE FUNCTION provided_totals(asked_round uuid, wanted text, scope text)
RETURNS TABLE (with_data bigint, without_data bigint, other_with_data bigint, superior_with_data bigint)
LANGUAGE sql STABLE AS $$
    WITH counted AS (
        SELECT t.organisations, CASE wanted WHEN 'in_review' THEN t.with_new ELSE t.with_accepted END AS filled
          FROM round_total t
         WHERE t.round_id = asked_round AND in_territory(t.parent_path, scope)
        UNION ALL
        SELECT 1, (CASE wanted WHEN 'in_review' THEN c.in_review ELSE c.accepted END > 0)::integer
          FROM counter c
         WHERE c.round_id = asked_round AND c.path = scope COLLATE "C"
    ), others AS (
        SELECT count(*) AS "all", count(*) FILTER (WHERE o.kind = 'superior') AS superior
          FROM organisation o
          JOIN counter c ON c.round_id = asked_round AND c.organisation_id = o.organisation_id
         WHERE o.kind NOT IN ('school', 'authority') AND in_territory(o.path, scope)
           AND CASE wanted WHEN 'in_review' THEN c.in_review ELSE c.accepted END > 0
    )
    SELECT coalesce(sum(c.filled), 0), coalesce(sum(c.organisations - c.filled), 0), min(o."all"), min(o.superior)
      FROM others o LEFT JOIN counted c ON true
$$;

-- The same on a past day: an item has data when a value of it, in this round or before, was accepted before `moment`;
-- the other columns are the states of this round's cells at that moment. A cell that has not changed since still says
-- its state itself; only for the others the history is read.
CREATE FUNCTION cells_as_of(asked_round uuid, asked uuid, moment timestamptz)
RETURNS TABLE (filled integer, total integer, drafts integer, in_review integer, accepted integer, rejected integer,
               begun boolean, draft_at timestamptz, sent_at timestamptz, accepted_at timestamptz,
               rejected_at timestamptz)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT count(*) FILTER (WHERE f.known_since < moment)::integer, count(*)::integer,
           count(*) FILTER (WHERE f.state = 'draft')::integer, count(*) FILTER (WHERE f.state = 'in_review')::integer,
           count(*) FILTER (WHERE f.state = 'accepted')::integer,
           count(*) FILTER (WHERE f.state = 'rejected')::integer, count(*) FILTER (WHERE f.state <> 'empty') > 0,
           max(f.at) FILTER (WHERE f.state = 'draft'), max(f.at) FILTER (WHERE f.state = 'in_review'),
           max(f.at) FILTER (WHERE f.state = 'accepted'), max(f.at) FILTER (WHERE f.state = 'rejected')
      FROM (SELECT c.known_since, CASE WHEN c.at < moment THEN c.state ELSE s.state END AS state,
                   CASE WHEN c.at < moment THEN c.at ELSE s.at END AS at
              FROM (SELECT assignment_id, state, known_since, greatest(draft_at, sent_at, accepted_at, rejected_at) AS at
                      FROM cell WHERE round_id = asked_round AND organisation_id = asked) c
              LEFT JOIN LATERAL
                   (SELECT h.state, h.at
                      FROM history h
                     WHERE c.at >= moment AND h.assignment_id = c.assignment_id AND h.round_id = asked_round
                       AND h.at < moment
                     ORDER BY h.at DESC, h.number DESC
                     LIMIT 1) s ON true) f
$$;

-- One page: the organisations are chosen by their counters first, only then their cells are read.
CREATE FUNCTION provided_page_as_of(asked_round uuid, day date, scope text, moment timestamptz, municipality uuid,
                                    wanted_group text, after text, page_rows integer)
RETURNS TABLE (organisation_id uuid, path text, kind text, short_name text, municipality_name text, filled integer,
               total integer, drafts integer, in_review integer, accepted integer, rejected integer, begun boolean,
               draft_at timestamptz, sent_at timestamptz, accepted_at timestamptz, rejected_at timestamptz,
               first_login_at timestamptz, contact_name text, contact_position text, contact_phone text,
               contact_email text)
LANGUAGE sql STABLE AS $$
    SELECT p.organisation_id, p.path, p.kind, p.short_name, p.municipality_name, f.filled, f.total, f.drafts,
           f.in_review, f.accepted, f.rejected, f.begun, f.draft_at, f.sent_at, f.accepted_at, f.rejected_at,
           o.first_login_at, o.contact_name, o.contact_position, o.contact_phone, o.contact_email
      FROM (SELECT c.organisation_id, c.path, v.kind, v.short_name, v.municipality_name
              FROM counter c
             CROSS JOIN LATERAL version_on(c.organisation_id, day) v
             WHERE c.round_id = asked_round AND in_walk(c.path, scope, after)
               AND CASE wanted_group WHEN 'with_data' THEN coalesce(c.known_since < moment, false)
                                     WHEN 'without_data' THEN NOT coalesce(c.known_since < moment, false)
                                     ELSE true END
               AND CASE WHEN municipality IS NULL THEN true ELSE
                   c.organisation_id IN (SELECT m.organisation_id FROM organisation_version m
                                          WHERE m.municipality_id = municipality) END
               AND CASE WHEN municipality IS NULL THEN true ELSE v.municipality_id = municipality END
             ORDER BY c.path
             LIMIT page_rows) p
     CROSS JOIN LATERAL cells_as_of(asked_round, p.organisation_id, moment) f
     CROSS JOIN LATERAL person_of(p.organisation_id) o
$$;

CREATE FUNCTION provided_totals_as_of(asked_round uuid, day date, scope text, moment timestamptz, municipality uuid)
RETURNS TABLE (with_data bigint, without_data bigint, other_with_data bigint, superior_with_data bigint)
LANGUAGE sql STABLE AS $$
    WITH asked AS MATERIALIZED (
        SELECT c.organisation_id, coalesce(c.known_since < moment, false) AS filled
          FROM counter c
         WHERE c.round_id = asked_round AND in_territory(c.path, scope)
           AND CASE WHEN municipality IS NULL THEN true ELSE
               c.organisation_id IN (SELECT m.organisation_id FROM organisation_version m
                                      WHERE m.municipality_id = municipality)
               AND (SELECT v.municipality_id = municipality FROM version_on(c.organisation_id, day) v) END
    ), others AS (
        SELECT v.kind
          FROM (SELECT DISTINCT x.organisation_id FROM organisation_version x
                 WHERE x.kind NOT IN ('school', 'authority')) x
          JOIN asked a ON a.organisation_id = x.organisation_id AND a.filled
         CROSS JOIN LATERAL version_on(x.organisation_id, day) v
         WHERE v.kind NOT IN ('school', 'authority')
    )
    SELECT (SELECT count(*) FROM asked a WHERE a.filled), (SELECT count(*) FROM asked a WHERE NOT a.filled),
           count(*), count(*) FILTER (WHERE o.kind = 'superior')
      FROM others o
$$;

DROP FUNCTION provided_as_of(uuid, date, text, timestamptz);
