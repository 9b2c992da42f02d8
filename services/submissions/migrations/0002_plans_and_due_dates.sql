-- Sections that organisations choose, due dates of all kinds, items answered by documents or by tables, and every
-- version of a programme word for word.

-- When something is due, as the source says it (B24); NULL: as what stands above it.
CREATE TYPE due AS (
    kind text,
    on_day date,
    from_day date,
    owner text,
    wording text,
    footnote text,
    month smallint,
    day smallint,
    year_offset smallint,
    quarter smallint,
    every text,
    until_day date
);

ALTER TABLE programme ADD COLUMN reviewer text NOT NULL DEFAULT 'operator';

-- The file of each version as it was sent, packed: nothing of its wording is lost (S3.21).
CREATE TABLE programme_version (
    programme_id uuid NOT NULL REFERENCES programme,
    version integer NOT NULL,
    basis text NOT NULL,
    loaded_at timestamptz NOT NULL,
    loaded_by uuid,
    file bytea NOT NULL,
    PRIMARY KEY (programme_id, version)
);

ALTER TABLE section
    ADD COLUMN number text NOT NULL DEFAULT '',
    ADD COLUMN by_choice boolean NOT NULL DEFAULT false,
    ADD COLUMN significance text NOT NULL DEFAULT '',
    ADD COLUMN due due,
    ADD COLUMN responsible_titles text[] NOT NULL DEFAULT '{}',
    ADD COLUMN responsible_codes text[] NOT NULL DEFAULT '{}',
    ADD COLUMN depends_on text[] NOT NULL DEFAULT '{}',
    ADD COLUMN series text NOT NULL DEFAULT '';

ALTER TABLE item_text
    ADD COLUMN due due,
    ADD COLUMN stage text NOT NULL DEFAULT '',
    ADD COLUMN column_titles text[] NOT NULL DEFAULT '{}',
    ADD COLUMN column_kinds text[] NOT NULL DEFAULT '{}';

-- A recurring date makes a row per day it falls on.
ALTER TABLE round_item
    ADD COLUMN checkpoint smallint NOT NULL DEFAULT 1,
    ADD COLUMN by_choice boolean NOT NULL DEFAULT false,
    -- 'round', or the kind of the due that counts: its own, else its section's.
    ADD COLUMN due_kind text NOT NULL DEFAULT 'round',
    ADD COLUMN due_is_own boolean NOT NULL DEFAULT false,
    ADD COLUMN due_text text NOT NULL DEFAULT '',
    -- NULL: the round's; infinity: not known yet.
    ADD COLUMN due_at timestamptz,
    DROP CONSTRAINT round_item_round_id_item_id_key,
    ADD UNIQUE (round_id, item_id, checkpoint);

-- A section as it stood when the round opened, and the day that its schedule named since.
CREATE TABLE round_section (
    round_id uuid NOT NULL REFERENCES round,
    code text NOT NULL,
    title text NOT NULL,
    position integer NOT NULL,
    number text NOT NULL,
    by_choice boolean NOT NULL,
    significance text NOT NULL,
    due due,
    demo boolean NOT NULL,
    scheduled_on date,
    PRIMARY KEY (round_id, code)
);
CREATE TABLE schedule_change (
    round_id uuid NOT NULL,
    section_code text NOT NULL,
    change_number integer NOT NULL,
    due_on date NOT NULL,
    previous_on date,
    reason text NOT NULL,
    at timestamptz NOT NULL,
    account_id uuid,
    PRIMARY KEY (round_id, section_code, change_number)
);

-- NULL: as the round item says; infinity: not known yet.
ALTER TABLE assignment ADD COLUMN own_due_at timestamptz;

-- Who takes part in a round that leaves a choice, whether anything was chosen or not (S1.38).
CREATE TABLE participant (
    round_id uuid NOT NULL REFERENCES round,
    organisation_id uuid NOT NULL,
    PRIMARY KEY (round_id, organisation_id)
);

-- What an organisation has chosen, and by when it means to be done (S1.9-S1.12).
CREATE TABLE section_plan (
    round_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    section_code text NOT NULL,
    organisation_path text COLLATE "C" NOT NULL,
    planned_on date,
    dropped boolean NOT NULL DEFAULT false,
    PRIMARY KEY (round_id, organisation_id, section_code)
);
-- Every act of it, and of items with dates of their own (S1.13).
CREATE TABLE plan_change (
    round_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    section_code text NOT NULL,
    assignment_id uuid,
    change_number integer NOT NULL,
    organisation_path text COLLATE "C" NOT NULL,
    act text NOT NULL,
    planned_on date,
    previous_on date,
    reason text NOT NULL,
    at timestamptz NOT NULL,
    account_id uuid,
    PRIMARY KEY (round_id, organisation_id, section_code, change_number)
);

ALTER TABLE section_plan ENABLE ROW LEVEL SECURITY;
ALTER TABLE section_plan FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON section_plan
    USING (vekha_in_scope(organisation_path, current_setting('vekha.scope', true)));
ALTER TABLE plan_change ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan_change FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON plan_change
    USING (vekha_in_scope(organisation_path, current_setting('vekha.scope', true)));

-- The moment that counts for an assignment; NULL when it is not known yet.
CREATE FUNCTION due_moment(own timestamptz, round_due timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
    SELECT nullif(coalesce(own, round_due), 'infinity')
$$;

-- What counts for an item: its own due, else its section's; empty: the round's.
CREATE FUNCTION due_that_counts(own due, above due) RETURNS due LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN coalesce((own).kind, '') <> '' THEN own ELSE above END
$$;

-- From the cells of a file, in the order of the type.
CREATE FUNCTION due_from(cells text[]) RETURNS due LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN coalesce(cells[1], '') = '' THEN NULL ELSE
        ROW(cells[1], nullif(cells[2], '')::date, nullif(cells[3], '')::date, cells[4], cells[5], cells[6],
            cells[7]::smallint, cells[8]::smallint, cells[9]::smallint, cells[10]::smallint, cells[11],
            nullif(cells[12], '')::date)::due END
$$;
