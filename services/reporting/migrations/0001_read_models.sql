-- Read models that events of auth and submissions feed. Nothing here is asked of another service at report time.

CREATE TABLE programme (
    programme_id uuid PRIMARY KEY,
    code         text NOT NULL,
    title        text NOT NULL,
    zone         text NOT NULL
);

CREATE TABLE item (
    item_id         uuid    PRIMARY KEY,
    programme_id    uuid    NOT NULL,
    code            text    NOT NULL,
    section_code    text    NOT NULL,
    section_title   text    NOT NULL,
    question        text    NOT NULL,
    second_question text,
    value_kind      text    NOT NULL,
    unit            text,
    position        integer NOT NULL
);

CREATE TABLE round (
    round_id      uuid        PRIMARY KEY,
    programme_id  uuid        NOT NULL,
    name          text        NOT NULL,
    opens_at      timestamptz,
    due_at        timestamptz,
    next_opens_at timestamptz,
    zone          text        NOT NULL,
    closed        boolean     NOT NULL DEFAULT false
);

-- The tree of organisations with its history. A path is an organisation's for ever.
CREATE TABLE organisation_version (
    organisation_id   uuid NOT NULL,
    valid_from        date NOT NULL,
    path              text NOT NULL COLLATE "C",
    kind              text NOT NULL,
    short_name        text NOT NULL,
    inn               text,
    phone             text,
    email             text,
    municipality_id   uuid,
    municipality_name text,
    zone              text,
    PRIMARY KEY (organisation_id, valid_from)
);

-- The version that holds today, and who answers for the organisation: since when somebody of it has been in the system
-- (S2.53) and whom to call (S2.55).
CREATE TABLE organisation (
    organisation_id    uuid PRIMARY KEY,
    path               text NOT NULL COLLATE "C",
    valid_from         date NOT NULL,
    kind               text NOT NULL,
    short_name         text NOT NULL,
    inn                text,
    phone              text,
    email              text,
    municipality_id    uuid,
    municipality_name  text,
    first_login_at     timestamptz,
    contact_account_id uuid,
    contact_closed     boolean NOT NULL DEFAULT false,
    contact_name       text,
    contact_position   text,
    contact_phone      text,
    contact_email      text
);
CREATE INDEX organisation_contact ON organisation (contact_account_id);

-- One assignment: its state and the values of its last version that was sent. known_since: when a value of the item was
-- first accepted from the organisation, in any round.
CREATE TABLE cell (
    assignment_id   uuid        PRIMARY KEY,
    round_id        uuid        NOT NULL,
    organisation_id uuid        NOT NULL,
    path            text        NOT NULL COLLATE "C",
    item_id         uuid        NOT NULL,
    state           text        NOT NULL CHECK (state IN ('empty', 'draft', 'in_review', 'accepted', 'rejected')),
    value           text,
    second_value    text,
    percent         text,
    draft_at        timestamptz,
    sent_at         timestamptz,
    accepted_at     timestamptz,
    rejected_at     timestamptz,
    known_since     timestamptz,
    UNIQUE (organisation_id, item_id, round_id)
) WITH (fillfactor = 80);
CREATE INDEX cell_round ON cell (round_id, organisation_id);

-- Cells of one organisation in one round by state, kept with every change of a cell; and the last moment of each change.
CREATE TABLE counter (
    round_id        uuid        NOT NULL,
    organisation_id uuid        NOT NULL,
    path            text        NOT NULL COLLATE "C",
    total           integer     NOT NULL,
    empty           integer     NOT NULL,
    draft           integer     NOT NULL DEFAULT 0,
    in_review       integer     NOT NULL DEFAULT 0,
    accepted        integer     NOT NULL DEFAULT 0,
    rejected        integer     NOT NULL DEFAULT 0,
    draft_at        timestamptz,
    sent_at         timestamptz,
    accepted_at     timestamptz,
    rejected_at     timestamptz,
    PRIMARY KEY (round_id, organisation_id),
    CHECK (total = empty + draft + in_review + accepted + rejected)
) WITH (fillfactor = 60);
CREATE INDEX counter_path ON counter (round_id, path);

-- Every change of a cell, append-only, for reports on past days. Rows without round and assignment are values accepted
-- before the system or the round existed (S2.65).
CREATE TABLE history (
    number          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id uuid        NOT NULL,
    path            text        NOT NULL COLLATE "C",
    item_id         uuid        NOT NULL,
    round_id        uuid,
    assignment_id   uuid,
    state           text        NOT NULL,
    at              timestamptz NOT NULL,
    value           text,
    second_value    text,
    percent         text,
    CHECK ((round_id IS NULL) = (assignment_id IS NULL))
);
CREATE INDEX history_accepted ON history (organisation_id, at, item_id) WHERE state = 'accepted';
CREATE INDEX history_assignment ON history (assignment_id, at) WHERE assignment_id IS NOT NULL;
CREATE INDEX history_round ON history (round_id, at) WHERE round_id IS NOT NULL;

-- Whatever adds an accepted value, an import too, tells the cells that ask for the item.
CREATE FUNCTION tell_cells_of_accepted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE cell SET known_since = NEW.at
     WHERE organisation_id = NEW.organisation_id AND item_id = NEW.item_id
       AND (known_since IS NULL OR known_since > NEW.at);
    RETURN NULL;
END
$$;
CREATE TRIGGER tell_cells AFTER INSERT ON history FOR EACH ROW WHEN (NEW.state = 'accepted')
    EXECUTE FUNCTION tell_cells_of_accepted();

-- The second wall behind the WHERE of every report. The setting is read once per statement; by CASE the planner expects
-- half of the rows instead of one in two hundred, and joins thousands of them by hash.
ALTER TABLE organisation_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisation_version FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON organisation_version USING (
    CASE WHEN (SELECT current_setting('vekha.scope', true)) = '*' THEN true
         ELSE path = (SELECT current_setting('vekha.scope', true))
           OR starts_with(path, (SELECT current_setting('vekha.scope', true) || '.')) END);
ALTER TABLE organisation ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisation FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON organisation USING (
    CASE WHEN (SELECT current_setting('vekha.scope', true)) = '*' THEN true
         ELSE path = (SELECT current_setting('vekha.scope', true))
           OR starts_with(path, (SELECT current_setting('vekha.scope', true) || '.')) END);
ALTER TABLE cell ENABLE ROW LEVEL SECURITY;
ALTER TABLE cell FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON cell USING (
    CASE WHEN (SELECT current_setting('vekha.scope', true)) = '*' THEN true
         ELSE path = (SELECT current_setting('vekha.scope', true))
           OR starts_with(path, (SELECT current_setting('vekha.scope', true) || '.')) END);
ALTER TABLE counter ENABLE ROW LEVEL SECURITY;
ALTER TABLE counter FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON counter USING (
    CASE WHEN (SELECT current_setting('vekha.scope', true)) = '*' THEN true
         ELSE path = (SELECT current_setting('vekha.scope', true))
           OR starts_with(path, (SELECT current_setting('vekha.scope', true) || '.')) END);
ALTER TABLE history ENABLE ROW LEVEL SECURITY;
ALTER TABLE history FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON history USING (
    CASE WHEN (SELECT current_setting('vekha.scope', true)) = '*' THEN true
         ELSE path = (SELECT current_setting('vekha.scope', true))
           OR starts_with(path, (SELECT current_setting('vekha.scope', true) || '.')) END);
