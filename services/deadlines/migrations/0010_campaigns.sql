-- The monthly campaign: what is to be filled in by when, as one letter to everybody who is asked (S2.3, S2.5).

-- Of the programme's section; NULL: of a programme loaded before this was kept.
ALTER TABLE item ADD COLUMN section_title text, ADD COLUMN section_position integer, ADD COLUMN position integer;

-- A draft's table, text and addresses follow from the round; those of a campaign that was sent stay as they went out.
CREATE TABLE campaign (
    campaign_id         uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    state               text        NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'sending', 'stopped')),
    version             integer     NOT NULL DEFAULT 1,
    round_id            uuid        NOT NULL,
    author_account_id   uuid        NOT NULL,
    author_path         text        NOT NULL COLLATE "C",
    author_name         text        NOT NULL,
    author_organisation text        NOT NULL,
    subject             text        NOT NULL,
    words               text        NOT NULL,
    organisation_ids    uuid[]      NOT NULL DEFAULT '{}',
    due_on              date,
    group_titles        text[]      NOT NULL DEFAULT '{}',
    group_indicators    integer[]   NOT NULL DEFAULT '{}',
    group_participants  text[]      NOT NULL DEFAULT '{}',
    text                text        NOT NULL DEFAULT '',
    html                text        NOT NULL DEFAULT '',
    changed_at          timestamptz NOT NULL,
    sent_at             timestamptz
);
CREATE INDEX campaign_path ON campaign (author_path, changed_at DESC);

-- handed_at: the server has been given the whole of it. Whoever finds a letter so whose sender has died does not send it
-- again: it is sent, though unconfirmed.
ALTER TABLE mail ADD COLUMN campaign_id uuid REFERENCES campaign, ADD COLUMN organisation_id uuid,
                 ADD COLUMN handed_at timestamptz, ADD COLUMN unconfirmed boolean NOT NULL DEFAULT false,
                 DROP CONSTRAINT mail_state_check,
                 ADD CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'stopped'));
CREATE INDEX mail_campaign ON mail (campaign_id, path, address) WHERE campaign_id IS NOT NULL;

ALTER TABLE campaign ENABLE ROW LEVEL SECURITY;
ALTER TABLE campaign FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON campaign USING (vekha_in_scope(author_path, current_setting('vekha.scope', true)));

-- Organisations that a round asks within a territory and within the units named ({}: everywhere there), as they are on a
-- day, each with every address at which it is reached; NULL: with none.
CREATE FUNCTION campaign_audience(round uuid, territory text, wanted uuid[], day date)
RETURNS TABLE (organisation_id uuid, path text, kind text, short_name text, municipality_id uuid, address text)
LANGUAGE sql STABLE AS $$
    WITH known AS MATERIALIZED (
        SELECT DISTINCT ON (v.organisation_id) v.* FROM organisation_version v
         WHERE vekha_in_scope(v.path, territory)
         ORDER BY v.organisation_id, v.valid_from > day, CASE WHEN v.valid_from <= day THEN v.valid_from END DESC,
                  v.valid_from),
    units AS MATERIALIZED (SELECT k.path FROM known k WHERE k.organisation_id = ANY (wanted)),
    asked AS MATERIALIZED (SELECT DISTINCT a.organisation_id FROM assignment a
                            WHERE a.round_id = round AND vekha_in_scope(a.path, territory))
    SELECT DISTINCT o.organisation_id, o.path, o.kind, o.short_name, o.municipality_id, coalesce(p.email, o.email)
      FROM asked JOIN known o USING (organisation_id)
      LEFT JOIN account p ON p.organisation_id = o.organisation_id AND p.role = 'ROLE_RESPONDENT' AND NOT p.closed
     WHERE wanted = '{}' OR EXISTS (SELECT FROM units u WHERE vekha_in_scope(o.path, u.path))
$$;
