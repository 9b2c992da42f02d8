-- What people write to those below them: announcements, consultations, letters and orders, whom they reached, and who
-- has read them (S1.34-S1.36).

ALTER TABLE organisation_version ADD COLUMN kind text, ADD COLUMN phone text, ADD COLUMN valid_to date;
-- Of whoever is to be called because something is unread: as the profile has it.
ALTER TABLE account ADD COLUMN person_name text, ADD COLUMN person_position text, ADD COLUMN phone text;
ALTER TABLE notification ADD COLUMN message_id uuid;

-- Zones of territories, for hours that an author names. Nobody's secret.
CREATE TABLE territory_zone (
    territory text PRIMARY KEY COLLATE "C",
    zone      text NOT NULL
);
CREATE FUNCTION zone_of(path text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT zone FROM territory_zone WHERE vekha_in_scope(path, territory)
                      ORDER BY territory <> '*' DESC, length(territory) DESC LIMIT 1), 'UTC')
$$;

CREATE TABLE message (
    message_id             uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    kind                   text        NOT NULL CHECK (kind IN ('announcement', 'consultation', 'letter', 'order')),
    state                  text        NOT NULL DEFAULT 'draft'
                                       CHECK (state IN ('draft', 'sent', 'recalled', 'superseded')),
    version                integer     NOT NULL DEFAULT 1,
    author_account_id      uuid        NOT NULL,
    author_organisation_id uuid        NOT NULL,
    author_path            text        NOT NULL COLLATE "C",
    author_name            text        NOT NULL,
    author_organisation    text        NOT NULL,
    subject                text        NOT NULL DEFAULT '',
    text                   text        NOT NULL DEFAULT '',
    asks_acknowledgement   boolean     NOT NULL DEFAULT false,
    levels                 text[]      NOT NULL DEFAULT '{}',
    organisation_ids       uuid[]      NOT NULL DEFAULT '{}',
    organisation_names     text[]      NOT NULL DEFAULT '{}',
    number                 text,
    dated_on               date,
    signatory_name         text        NOT NULL DEFAULT '',
    signatory_position     text        NOT NULL DEFAULT '',
    starts_at              timestamptz,
    zone                   text        NOT NULL,
    duration_minutes       integer     NOT NULL DEFAULT 0,
    connection_link        text        NOT NULL DEFAULT '',
    conference_id          text        NOT NULL DEFAULT '',
    access_code            text        NOT NULL DEFAULT '',
    link_titles            text[]      NOT NULL DEFAULT '{}',
    link_addresses         text[]      NOT NULL DEFAULT '{}',
    document_ids           uuid[]      NOT NULL DEFAULT '{}',
    supersedes_id          uuid,
    superseded_by_id       uuid,
    changed_at             timestamptz NOT NULL,
    sent_at                timestamptz,
    recalled_at            timestamptz,
    recall_reason          text
);
CREATE INDEX message_author ON message (author_account_id, state);
CREATE INDEX message_path ON message (author_path, sent_at DESC) WHERE state <> 'draft';
-- A number is an organisation's once a year (S1.36).
CREATE UNIQUE INDEX message_number ON message (author_organisation_id, extract(year FROM dated_on), number)
    WHERE state <> 'draft' AND number IS NOT NULL;

-- Somebody passed it on, in words of their own.
CREATE TABLE message_pass (
    pass_id     uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    message_id  uuid        NOT NULL REFERENCES message,
    account_id  uuid        NOT NULL,
    path        text        NOT NULL COLLATE "C",
    person_name text        NOT NULL,
    words       text        NOT NULL,
    at          timestamptz NOT NULL
);
CREATE INDEX message_pass_message ON message_pass (message_id, account_id);

-- One row per account, whoever addressed it first. path: where the account is seen from; of a curator of a wider
-- territory, one of the schools for whose sake it is addressed.
CREATE TABLE message_addressee (
    message_id      uuid        NOT NULL REFERENCES message,
    account_id      uuid        NOT NULL,
    organisation_id uuid        NOT NULL,
    municipality_id uuid,
    path            text        NOT NULL COLLATE "C",
    level           text        NOT NULL,
    pass_id         uuid        REFERENCES message_pass,
    addressed_at    timestamptz NOT NULL,
    read_at         timestamptz,
    acknowledged_at timestamptz,
    passed_on_at    timestamptz,
    PRIMARY KEY (message_id, account_id)
);
CREATE INDEX message_addressee_account ON message_addressee (account_id, addressed_at DESC);

CREATE TABLE message_attachment (
    document_id uuid    PRIMARY KEY,
    message_id  uuid    NOT NULL REFERENCES message,
    file_name   text    NOT NULL,
    size_bytes  bigint  NOT NULL,
    pages       integer NOT NULL
);
CREATE INDEX message_attachment_message ON message_attachment (message_id);

-- Word of a message that an addressee is still to be given: sent, passed, recalled, day_before, hour_before.
CREATE TABLE message_word (
    message_id uuid        NOT NULL REFERENCES message,
    about      text        NOT NULL,
    account_id uuid        NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (message_id, about, account_id)
);
CREATE INDEX message_word_at ON message_word (at);

-- When addressees of a consultation are reminded; a row is gone when that is done.
CREATE TABLE message_timer (
    message_id uuid        NOT NULL REFERENCES message,
    about      text        NOT NULL,
    fires_at   timestamptz NOT NULL,
    PRIMARY KEY (message_id, about)
);
CREATE INDEX message_timer_fires_at ON message_timer (fires_at);

-- Whoever read contacts of a message's addressees, so that further pages of one session are told of once.
CREATE TABLE message_contact_reading (
    session_id uuid        NOT NULL,
    message_id uuid        NOT NULL,
    read_at    timestamptz NOT NULL,
    PRIMARY KEY (session_id, message_id)
);

-- A curator belongs to a region, and is also seen from where the schools are.
CREATE POLICY schools ON account FOR SELECT USING (role = 'ROLE_CURATOR' AND EXISTS (
    SELECT FROM curator_school c WHERE c.account_id = account.account_id));

-- The level at which an account stands.
CREATE FUNCTION level_of(role text, path text, kind text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE role
        WHEN 'ROLE_COORDINATOR' THEN
            CASE WHEN path = '*' THEN 'federation' WHEN strpos(path, '.') = 0 THEN 'region' ELSE 'municipality' END
        WHEN 'ROLE_OPERATOR' THEN 'operator'
        WHEN 'ROLE_CURATOR' THEN 'curator'
        WHEN 'ROLE_RESPONDENT' THEN
            CASE WHEN kind IN ('authority', 'superior') THEN 'authority' ELSE 'school' END
    END
$$;

-- Levels from above to below.
CREATE FUNCTION level_order(level text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT array_position(ARRAY['federation', 'region', 'municipality', 'operator', 'curator', 'authority', 'school'],
                          level)
$$;

-- Open accounts of some levels below `territory`, within the units and organisations of `wanted` ({}: everywhere there),
-- as they are on a day. Of an author who is a curator: the bound schools.
CREATE FUNCTION audience_of(author uuid, author_role text, territory text, wanted uuid[], wanted_levels text[], day date)
RETURNS TABLE (account_id uuid, organisation_id uuid, municipality_id uuid, path text, level text)
LANGUAGE sql STABLE AS $$
    WITH units AS MATERIALIZED (
        SELECT DISTINCT v.path FROM organisation_version v
         WHERE v.organisation_id = ANY (wanted) AND vekha_in_scope(v.path, territory)
        UNION SELECT territory WHERE wanted = '{}'),
    schools AS MATERIALIZED (SELECT c.organisation_id, c.organisation_path FROM curator_school c
                              WHERE c.account_id = author),
    places AS MATERIALIZED (
        SELECT a.account_id, a.organisation_id, a.role,
               CASE WHEN EXISTS (SELECT FROM units u WHERE vekha_in_scope(a.path, u.path)) THEN a.path
                    WHEN a.role = 'ROLE_CURATOR' THEN
                        (SELECT min(c.organisation_path) FROM curator_school c, units u
                          WHERE c.account_id = a.account_id AND vekha_in_scope(c.organisation_path, u.path)) END AS seen_at,
               a.path
          FROM account a WHERE NOT a.closed AND a.account_id <> author)
    SELECT p.account_id, p.organisation_id, o.municipality_id, p.seen_at, level_of(p.role, p.path, o.kind)
      FROM places p LEFT JOIN LATERAL organisation_on(p.organisation_id, day) o ON true
     WHERE p.seen_at IS NOT NULL AND level_of(p.role, p.path, o.kind) = ANY (wanted_levels)
       AND (author_role <> 'ROLE_CURATOR' OR (p.role = 'ROLE_RESPONDENT'
            AND EXISTS (SELECT FROM schools s WHERE s.organisation_id = p.organisation_id)))
$$;

ALTER TABLE message_addressee ENABLE ROW LEVEL SECURITY;
ALTER TABLE message_addressee FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON message_addressee USING (vekha_in_scope(path, current_setting('vekha.scope', true)));
-- Its author's territory sees it, and every territory in which somebody is addressed.
ALTER TABLE message ENABLE ROW LEVEL SECURITY;
ALTER TABLE message FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON message USING (vekha_in_scope(author_path, current_setting('vekha.scope', true)));
CREATE POLICY addressees ON message FOR SELECT USING (EXISTS (
    SELECT FROM message_addressee a WHERE a.message_id = message.message_id));
ALTER TABLE message_pass ENABLE ROW LEVEL SECURITY;
ALTER TABLE message_pass FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON message_pass USING (vekha_in_scope(path, current_setting('vekha.scope', true)));
CREATE POLICY addressees ON message_pass FOR SELECT USING (EXISTS (
    SELECT FROM message_addressee a WHERE a.pass_id = message_pass.pass_id));
ALTER TABLE message_attachment ENABLE ROW LEVEL SECURITY;
ALTER TABLE message_attachment FORCE ROW LEVEL SECURITY;
CREATE POLICY messages ON message_attachment USING (EXISTS (
    SELECT FROM message m WHERE m.message_id = message_attachment.message_id));
