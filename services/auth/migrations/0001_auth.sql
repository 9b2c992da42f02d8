-- Organisations with their history, accounts, profiles, sessions and what slows password guessing down.

-- A unit of the tree. Its path is its code for ever: a move to another parent is a new organisation.
CREATE TABLE organisation (
    organisation_id uuid PRIMARY KEY,
    path text COLLATE "C" NOT NULL UNIQUE,
    parent_id uuid REFERENCES organisation
);

-- How it was from valid_from until the day before valid_to. Periods of one organisation do not overlap.
CREATE TABLE organisation_version (
    organisation_id uuid NOT NULL REFERENCES organisation,
    path text COLLATE "C" NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    kind text NOT NULL
        CHECK (kind IN ('federation', 'region', 'municipality', 'authority', 'school', 'superior', 'other')),
    short_name text NOT NULL,
    inn text,
    phone text,
    email text,
    attributes text[] NOT NULL DEFAULT '{}',
    zone text,
    -- Where the units above are found, as columns: a function in a join would keep row-level security from indexes.
    region_path text COLLATE "C" NOT NULL GENERATED ALWAYS AS (split_part(path, '.', 1)) STORED,
    municipality_path text COLLATE "C" NOT NULL
        GENERATED ALWAYS AS (split_part(path, '.', 1) || '.' || split_part(path, '.', 2)) STORED,
    PRIMARY KEY (organisation_id, valid_from),
    CHECK (valid_to > valid_from)
);
CREATE INDEX organisation_version_path ON organisation_version (path, valid_from);

-- One sees and changes what is below one's own unit, and sees the units above it.
ALTER TABLE organisation ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisation FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON organisation USING (vekha_in_scope(path, current_setting('vekha.scope', true)));
CREATE POLICY above ON organisation FOR SELECT
    USING (current_setting('vekha.scope', true) <> '' AND vekha_in_scope(current_setting('vekha.scope', true), path));
ALTER TABLE organisation_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisation_version FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON organisation_version USING (vekha_in_scope(path, current_setting('vekha.scope', true)));
CREATE POLICY above ON organisation_version FOR SELECT
    USING (current_setting('vekha.scope', true) <> '' AND vekha_in_scope(current_setting('vekha.scope', true), path));

-- The tree as it stood on a day, with what a unit has from the units above it.
CREATE FUNCTION organisation_on(day date)
RETURNS TABLE (organisation_id uuid, path text, parent_id uuid, kind text, short_name text, inn text, phone text,
               email text, attributes text[], zone text, valid_from date, valid_to date,
               municipality_id uuid, municipality_name text)
LANGUAGE sql STABLE AS $$
    SELECT v.organisation_id, v.path, o.parent_id, v.kind, v.short_name, v.inn, v.phone, v.email, v.attributes,
           coalesce(v.zone, m.zone, r.zone, f.zone), v.valid_from, v.valid_to,
           CASE WHEN m.kind = 'municipality' THEN m.organisation_id END,
           CASE WHEN m.kind = 'municipality' THEN m.short_name END
    FROM organisation_version v
    JOIN organisation o ON o.organisation_id = v.organisation_id
    LEFT JOIN organisation_version m ON m.path = v.municipality_path
        AND m.valid_from <= day AND (m.valid_to IS NULL OR m.valid_to > day)
    LEFT JOIN organisation_version r ON r.path = v.region_path
        AND r.valid_from <= day AND (r.valid_to IS NULL OR r.valid_to > day)
    LEFT JOIN organisation_version f ON f.path = '*'
        AND f.valid_from <= day AND (f.valid_to IS NULL OR f.valid_to > day)
    WHERE v.valid_from <= day AND (v.valid_to IS NULL OR v.valid_to > day)
$$;

-- The day at a moment, where the reader is: in the zone of the reader's region or of the federation.
CREATE FUNCTION local_day(moment timestamptz) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (moment AT TIME ZONE coalesce(
        (SELECT zone FROM organisation_version
         WHERE path = split_part(current_setting('vekha.scope', true), '.', 1) AND valid_from <= moment::date
         ORDER BY valid_from DESC LIMIT 1),
        (SELECT zone FROM organisation_version WHERE path = '*' ORDER BY valid_from DESC LIMIT 1),
        'Europe/Moscow'))::date
$$;

-- For searching by name whatever the database's locale: lower case, ё as е.
CREATE FUNCTION folded(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT translate(name, 'ABCDEFGHIJKLMNOPQRSTUVWXYZАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯё',
                           'abcdefghijklmnopqrstuvwxyzабвгдеежзийклмнопрстуфхцчшщъыьэюяе')
$$;

-- An issued login. territory_path: what the role may see; for a coordinator of an authority its municipality.
CREATE TABLE account (
    account_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    login text COLLATE "C" NOT NULL UNIQUE,
    role text NOT NULL CHECK (role IN ('ROLE_RESPONDENT', 'ROLE_OPERATOR', 'ROLE_COORDINATOR', 'ROLE_CURATOR',
                                       'ROLE_ADMINISTRATOR')),
    organisation_id uuid NOT NULL REFERENCES organisation,
    territory_path text COLLATE "C" NOT NULL,
    password_hash text NOT NULL,
    one_time boolean NOT NULL,
    password_expires_at timestamptz,
    created_at timestamptz NOT NULL,
    last_login_at timestamptz,
    closed_at timestamptz
);
CREATE INDEX account_organisation ON account (organisation_id, role);

-- The person behind an account: exactly the fields of the registration form.
CREATE TABLE profile (
    account_id uuid PRIMARY KEY REFERENCES account,
    territory_path text COLLATE "C" NOT NULL,
    family_name text NOT NULL,
    given_name text NOT NULL,
    middle_name text,
    position text NOT NULL,
    phone text NOT NULL,
    email text NOT NULL,
    saved_at timestamptz NOT NULL
);
ALTER TABLE profile ENABLE ROW LEVEL SECURITY;
ALTER TABLE profile FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON profile USING (vekha_in_scope(territory_path, current_setting('vekha.scope', true)));

CREATE TABLE session (
    session_id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account,
    started_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    -- No access token of the session lives longer.
    access_expires_at timestamptz NOT NULL,
    client_address text,
    revoked_at timestamptz,
    -- Revoked, and SessionRevoked has been emitted.
    announced boolean NOT NULL DEFAULT false
);
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_revoked ON session (access_expires_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX session_unannounced ON session (session_id) WHERE revoked_at IS NOT NULL AND NOT announced;

-- Tokens are kept as SHA-256. sealed_next is the token issued for this one, readable only with this one.
CREATE TABLE refresh_token (
    token_hash text PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES session ON DELETE CASCADE,
    issued_at timestamptz NOT NULL,
    spent_at timestamptz,
    sealed_next bytea
);
CREATE INDEX refresh_token_session ON refresh_token (session_id);

-- Login attempts of the last hours; login_key is a hash, since people type passwords into the wrong field.
CREATE TABLE login_attempt (
    attempt_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login_key text NOT NULL,
    address_range text NOT NULL,
    attempted_at timestamptz NOT NULL,
    failed boolean NOT NULL
);
CREATE INDEX login_attempt_login ON login_attempt (login_key, attempted_at);
CREATE INDEX login_attempt_address ON login_attempt (address_range, attempted_at) WHERE failed;

-- Where an account has logged in from: others' failures do not stop it there.
CREATE TABLE known_address (
    account_id uuid NOT NULL REFERENCES account,
    address_range text NOT NULL,
    last_login_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, address_range)
);
