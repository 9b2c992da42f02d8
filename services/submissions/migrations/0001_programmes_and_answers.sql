-- Organisations as auth tells of them; a row per validity, the newest that has begun counts.
CREATE TABLE organisation (
    organisation_id uuid NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    path text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    short_name text NOT NULL,
    attributes text[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (organisation_id, valid_from)
);
CREATE INDEX organisation_by_path ON organisation (path);

CREATE FUNCTION organisations_on(day date)
RETURNS TABLE (organisation_id uuid, path text, kind text, attributes text[]) LANGUAGE sql STABLE AS $$
    SELECT o.organisation_id, o.path, o.kind, o.attributes
      FROM (SELECT DISTINCT ON (n.organisation_id) n.*
              FROM organisation n WHERE n.valid_from <= day
             ORDER BY n.organisation_id, n.valid_from DESC) o
     WHERE o.valid_to IS NULL OR o.valid_to > day
$$;

-- Who is asked (S2.9). The codes of listed organisations are their paths.
CREATE FUNCTION participates(selector text, codes text[], attribute text, path text, kind text, attributes text[])
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(CASE selector
        WHEN 'all_authorities' THEN kind = 'authority'
        WHEN 'all_schools' THEN kind = 'school'
        WHEN 'listed' THEN path = ANY (codes)
        WHEN 'attribute' THEN attribute = ANY (attributes)
    END, false)
$$;

CREATE TABLE programme (
    programme_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    code text NOT NULL UNIQUE,
    title text NOT NULL,
    short_title text NOT NULL,
    zone text NOT NULL,
    organisation_path text COLLATE "C" NOT NULL,
    help_contact text NOT NULL,
    version integer NOT NULL,
    loaded_at timestamptz NOT NULL,
    loaded_by uuid
);

CREATE TABLE section (
    programme_id uuid NOT NULL REFERENCES programme,
    code text NOT NULL,
    title text NOT NULL,
    demo boolean NOT NULL,
    position integer NOT NULL,
    retired boolean NOT NULL DEFAULT false,
    PRIMARY KEY (programme_id, code)
);

-- What an item is called and where it stands; what it says is in item_text, so answers keep the words they answered.
CREATE TABLE item (
    item_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    programme_id uuid NOT NULL REFERENCES programme,
    code text NOT NULL,
    position integer NOT NULL,
    retired boolean NOT NULL DEFAULT false,
    item_text_id integer NOT NULL,
    UNIQUE (programme_id, code)
);

CREATE TABLE item_text (
    item_text_id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    item_id uuid NOT NULL REFERENCES item DEFERRABLE INITIALLY DEFERRED,
    item_code text NOT NULL,
    section_code text NOT NULL,
    section_title text NOT NULL,
    question text NOT NULL,
    second_question text NOT NULL,
    value_kind text NOT NULL,
    unit text NOT NULL,
    decimals smallint NOT NULL,
    evidence text NOT NULL,
    evidence_required boolean NOT NULL,
    selector text NOT NULL,
    codes text[] NOT NULL,
    attribute text NOT NULL,
    demo boolean NOT NULL
);
CREATE INDEX item_text_by_item ON item_text (item_id);
ALTER TABLE item ADD FOREIGN KEY (item_text_id) REFERENCES item_text DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE round (
    round_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    programme_id uuid NOT NULL REFERENCES programme,
    name text NOT NULL,
    state text NOT NULL DEFAULT 'planned',
    opens_on date NOT NULL,
    due_on date NOT NULL,
    closed_until date NOT NULL,
    zone text NOT NULL,
    opens_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    next_opens_at timestamptz NOT NULL,
    letter_number text NOT NULL DEFAULT '',
    letter_date date,
    letter_title text NOT NULL DEFAULT '',
    repeats boolean NOT NULL,
    follows uuid UNIQUE REFERENCES round,
    version integer NOT NULL DEFAULT 1,
    -- Assigning goes in slices: organisations up to this id are done; NULL when all are.
    assigned_up_to uuid,
    organisations integer NOT NULL DEFAULT 0,
    assignments integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    created_by uuid
);
CREATE INDEX round_by_programme ON round (programme_id, opens_on);

-- What a round asks and of whom (F2): due date, participants and evidence belong here, not to the item.
CREATE TABLE round_item (
    round_item_id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    round_id uuid NOT NULL REFERENCES round,
    item_id uuid NOT NULL REFERENCES item,
    item_text_id integer NOT NULL REFERENCES item_text,
    value_kind text NOT NULL,
    decimals smallint NOT NULL,
    evidence_rule text NOT NULL,
    evidence_required boolean NOT NULL,
    selector text NOT NULL,
    codes text[] NOT NULL,
    attribute text NOT NULL,
    -- The round's own participants, not the programme's.
    own_participants boolean NOT NULL,
    UNIQUE (round_id, item_id)
);

-- Kept narrow and without an index on anything that changes: a save is one HOT update.
CREATE TABLE assignment (
    assignment_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL,
    round_item_id integer NOT NULL REFERENCES round_item,
    version integer NOT NULL DEFAULT 0,
    acts integer NOT NULL DEFAULT 0,
    rejected_act integer,
    document_count smallint NOT NULL DEFAULT 0,
    -- What the last save found: RETURNING shows the new row only, and looking up the old one costs a save a tenth.
    draft_is_new boolean NOT NULL DEFAULT false,
    was_ready boolean NOT NULL DEFAULT false,
    saved_at timestamptz,
    sent_at timestamptz,
    organisation_path text COLLATE "C" NOT NULL,
    state text NOT NULL DEFAULT 'empty',
    value text,
    second_value text,
    percent text,
    comment text,
    UNIQUE (organisation_id, round_item_id)
) WITH (fillfactor = 80);

-- Every act on an assignment, in order (S2.45). A document does not make a new version of the answer: its
-- event may come between reading and sending, and must not make the reader's version stale.
CREATE TABLE history (
    assignment_id uuid NOT NULL,
    act_number integer NOT NULL,
    version integer NOT NULL,
    at timestamptz NOT NULL,
    actor_account_id uuid,
    organisation_path text COLLATE "C" NOT NULL,
    act text NOT NULL,
    value text,
    second_value text,
    percent text,
    comment text,
    resolution text,
    documents uuid[],
    PRIMARY KEY (assignment_id, act_number)
);

CREATE TABLE document (
    document_id uuid PRIMARY KEY,
    assignment_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    organisation_path text COLLATE "C" NOT NULL,
    file_name text NOT NULL,
    size_bytes bigint NOT NULL,
    pages integer NOT NULL,
    stored_at timestamptz NOT NULL,
    attached boolean NOT NULL
);
CREATE INDEX document_by_assignment ON document (assignment_id);

-- «Последние принятые данные» (S2.44), over all rounds of an item.
CREATE TABLE accepted (
    organisation_id uuid NOT NULL,
    item_id uuid NOT NULL,
    organisation_path text COLLATE "C" NOT NULL,
    assignment_id uuid NOT NULL,
    version integer NOT NULL,
    value text NOT NULL,
    second_value text,
    percent text,
    accepted_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, item_id)
);

ALTER TABLE assignment ENABLE ROW LEVEL SECURITY;
ALTER TABLE assignment FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON assignment
    USING (vekha_in_scope(organisation_path, current_setting('vekha.scope', true)));
ALTER TABLE history ENABLE ROW LEVEL SECURITY;
ALTER TABLE history FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON history
    USING (vekha_in_scope(organisation_path, current_setting('vekha.scope', true)));
ALTER TABLE document ENABLE ROW LEVEL SECURITY;
ALTER TABLE document FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON document
    USING (vekha_in_scope(organisation_path, current_setting('vekha.scope', true)));
ALTER TABLE accepted ENABLE ROW LEVEL SECURITY;
ALTER TABLE accepted FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON accepted
    USING (vekha_in_scope(organisation_path, current_setting('vekha.scope', true)));

-- An answer in one line: "123", "yes", "10 / 40".
CREATE FUNCTION answer_text(value text, second_value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN coalesce(second_value, '') = '' THEN value ELSE value || ' / ' || second_value END
$$;

-- Days are the region's (F13): «до 25 сентября» ends at 23:59:59 there.
CREATE FUNCTION round_begins(day date, zone text) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT day::timestamp AT TIME ZONE zone
$$;
CREATE FUNCTION round_day_ends(day date, zone text) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT ((day + 1)::timestamp AT TIME ZONE zone) - interval '1 second'
$$;
