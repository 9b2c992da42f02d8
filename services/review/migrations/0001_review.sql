-- The operators' queue: the newest sent version of each answer, and every verdict ever given.

CREATE TABLE organisation (
    organisation_id   uuid PRIMARY KEY,
    organisation_path text COLLATE "C" NOT NULL,
    short_name        text NOT NULL,
    municipality_id   uuid,
    municipality_name text NOT NULL DEFAULT ''
);
CREATE INDEX organisation_municipality ON organisation (municipality_id);

-- A due date that was moved after answers had been sent; without a row the entry's own date counts.
CREATE TABLE moved_round (
    round_id uuid PRIMARY KEY,
    due_at   timestamptz NOT NULL
);

CREATE TABLE entry (
    assignment_id     uuid PRIMARY KEY,
    version           integer NOT NULL,
    state             text NOT NULL CHECK (state IN ('waiting', 'opened', 'accepted', 'rejected', 'withdrawn')),
    programme_code    text NOT NULL,
    round_id          uuid NOT NULL,
    item_id           uuid NOT NULL,
    section_title     text NOT NULL,
    question          text NOT NULL,
    second_question   text,
    value_kind        text NOT NULL,
    unit              text,
    value             text,
    second_value      text,
    percent           text,
    previous_value    text,
    comment           text,
    -- Parallel arrays, one element per document: a snapshot that is only ever shown whole.
    document_ids      uuid[] NOT NULL,
    document_names    text[] NOT NULL,
    document_sizes    bigint[] NOT NULL,
    document_pages    integer[] NOT NULL,
    organisation_id   uuid NOT NULL,
    organisation_path text COLLATE "C" NOT NULL,
    sent_at           timestamptz NOT NULL,
    due_at            timestamptz,
    opened_at         timestamptz,
    opened_by         uuid,
    closed_at         timestamptz,
    CHECK (cardinality(document_names) = cardinality(document_ids)
           AND cardinality(document_sizes) = cardinality(document_ids)
           AND cardinality(document_pages) = cardinality(document_ids)),
    CHECK (state <> 'opened' OR (opened_at IS NOT NULL AND opened_by IS NOT NULL)),
    CHECK ((closed_at IS NOT NULL) = (state IN ('accepted', 'rejected', 'withdrawn')))
);
-- Pages of a large territory, oldest first; and of a small one.
CREATE INDEX entry_pending_by_age ON entry (sent_at, assignment_id) WHERE state IN ('waiting', 'opened');
CREATE INDEX entry_pending_by_place ON entry (organisation_path, sent_at, assignment_id)
    INCLUDE (state, programme_code, round_id, organisation_id) WHERE state IN ('waiting', 'opened');
CREATE INDEX entry_by_age ON entry (state, sent_at, assignment_id);

-- The unique key is the last wall against two verdicts on one version.
CREATE TABLE verdict (
    verdict_id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    assignment_id       uuid NOT NULL REFERENCES entry,
    version             integer NOT NULL,
    accepted            boolean NOT NULL,
    resolution          text,
    given_at            timestamptz NOT NULL,
    operator_account_id uuid NOT NULL,
    organisation_path   text COLLATE "C" NOT NULL,
    UNIQUE (assignment_id, version),
    CHECK (accepted OR resolution IS NOT NULL)
);

ALTER TABLE organisation ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisation FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON organisation USING (vekha_in_scope(organisation_path, current_setting('vekha.scope', true)));
ALTER TABLE entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE entry FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON entry USING (vekha_in_scope(organisation_path, current_setting('vekha.scope', true)));
ALTER TABLE verdict ENABLE ROW LEVEL SECURITY;
ALTER TABLE verdict FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON verdict USING (vekha_in_scope(organisation_path, current_setting('vekha.scope', true)));

-- Whether an answer is another organisation's: tells "not yours" from "still on its way", which looks the same through
-- row security. The scope is set back by hand: SET in a function's head would need a right that a service's role has
-- not.
CREATE FUNCTION entry_is_foreign(wanted uuid, organisation uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    scope text := current_setting('vekha.scope', true);
    is_foreign boolean;
BEGIN
    PERFORM set_config('vekha.scope', '*', true);
    is_foreign := EXISTS (SELECT 1 FROM entry WHERE assignment_id = wanted AND organisation_id <> organisation);
    PERFORM set_config('vekha.scope', scope, true);
    RETURN is_foreign;
END
$$;
