-- What must be provided by when, the timers that follow from it, and the notices and letters that timers give rise to.

CREATE TABLE round (
    round_id uuid        PRIMARY KEY,
    name     text        NOT NULL,
    due_at   timestamptz NOT NULL,
    zone     text        NOT NULL,
    closed   boolean     NOT NULL DEFAULT false
);

CREATE TABLE item (
    item_id  uuid PRIMARY KEY,
    question text NOT NULL
);

-- outstanding: neither sent nor accepted.
CREATE TABLE assignment (
    assignment_id   uuid    PRIMARY KEY,
    round_id        uuid    NOT NULL,
    organisation_id uuid    NOT NULL,
    path            text    NOT NULL COLLATE "C",
    item_id         uuid    NOT NULL,
    outstanding     boolean NOT NULL DEFAULT true
) WITH (fillfactor = 80);
CREATE INDEX assignment_outstanding ON assignment (round_id, organisation_id) WHERE outstanding;
CREATE INDEX assignment_round ON assignment (round_id, organisation_id);

-- A path is an organisation's for ever; its names and addresses hold from a day on.
CREATE TABLE organisation_version (
    organisation_id   uuid NOT NULL,
    valid_from        date NOT NULL,
    path              text NOT NULL COLLATE "C",
    short_name        text NOT NULL,
    email             text,
    municipality_id   uuid,
    PRIMARY KEY (organisation_id, valid_from)
);
CREATE INDEX organisation_version_municipality ON organisation_version (municipality_id);

-- path: the territory of the account.
CREATE TABLE account (
    account_id      uuid    PRIMARY KEY,
    organisation_id uuid    NOT NULL,
    path            text    NOT NULL COLLATE "C",
    role            text    NOT NULL,
    closed          boolean NOT NULL DEFAULT false,
    email           text
);
CREATE INDEX account_organisation ON account (organisation_id);
CREATE INDEX account_path ON account (path);

-- A reminder of one due day, for one organisation (organisation_id NULL: for the coordinators of the municipalities).
-- day_offset counts from the due day: -3 is three days before. A timer acts once per due day, whatever moves.
CREATE TABLE timer (
    round_id        uuid        NOT NULL,
    organisation_id uuid,
    path            text        NOT NULL COLLATE "C",
    day_offset      integer     NOT NULL,
    due_on          date        NOT NULL,
    fires_at        timestamptz NOT NULL,
    state           text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'fired', 'superseded')),
    fired_at        timestamptz,
    UNIQUE NULLS NOT DISTINCT (round_id, organisation_id, day_offset, due_on)
);
CREATE INDEX timer_waiting ON timer (fires_at) WHERE state = 'waiting';

-- cause names what the notice is about; one notice per account and cause, whoever tries.
CREATE TABLE notification (
    notification_id uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    account_id      uuid        NOT NULL,
    path            text        NOT NULL COLLATE "C",
    cause           text        NOT NULL,
    kind            text        NOT NULL,
    title           text        NOT NULL,
    text            text        NOT NULL,
    round_id        uuid,
    organisation_id uuid,
    items           integer     NOT NULL,
    at              timestamptz NOT NULL,
    read_at         timestamptz,
    UNIQUE (account_id, cause)
);
CREATE INDEX notification_list ON notification (account_id, at DESC, notification_id);
CREATE INDEX notification_unread ON notification (account_id) WHERE read_at IS NULL;

-- A letter: waiting, or taken by a sender until lease_until, or done. Its Message-ID follows from mail_id.
CREATE TABLE mail (
    mail_id     uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    path        text        NOT NULL COLLATE "C",
    cause       text        NOT NULL,
    address     text        NOT NULL,
    subject     text        NOT NULL,
    body        text        NOT NULL,
    written_at  timestamptz NOT NULL,
    state       text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sending', 'sent', 'failed')),
    attempts    integer     NOT NULL DEFAULT 0,
    next_at     timestamptz NOT NULL,
    lease_until timestamptz,
    sent_at     timestamptz,
    last_error  text,
    failed_at   timestamptz,
    UNIQUE (address, cause)
);
CREATE INDEX mail_waiting ON mail (next_at) WHERE state = 'waiting';
CREATE INDEX mail_sending ON mail (lease_until) WHERE state = 'sending';
CREATE INDEX mail_trouble ON mail (failed_at DESC) WHERE failed_at IS NOT NULL;

-- The day of a due moment where it is due, and the hour of another day there.
CREATE FUNCTION due_day(due_at timestamptz, zone text) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (due_at AT TIME ZONE zone)::date
$$;
CREATE FUNCTION fires_at(due_on date, zone text, day_offset integer, hour integer) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT ((due_on + day_offset)::timestamp + make_interval(hours => hour)) AT TIME ZONE zone
$$;
-- Minutes that a zone is ahead of UTC at a moment.
CREATE FUNCTION zone_minutes(moment timestamptz, zone text) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT (extract(epoch FROM (moment AT TIME ZONE zone) - (moment AT TIME ZONE 'UTC')) / 60)::integer
$$;
-- An organisation as it is on a day, or as first known.
CREATE FUNCTION organisation_on(id uuid, day date) RETURNS SETOF organisation_version LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT * FROM organisation_version
     WHERE organisation_id = id
     ORDER BY valid_from > day, CASE WHEN valid_from <= day THEN valid_from END DESC, valid_from
     LIMIT 1
$$;
-- Who is told: accounts and, for letters, the addresses of their profiles, else the organisation's.
CREATE FUNCTION respondents_of(id uuid, organisation_email text)
RETURNS TABLE (accounts uuid[], addresses text[]) LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT coalesce(array_agg(a.account_id), '{}'),
           array_remove(CASE WHEN count(*) = 0 THEN ARRAY[organisation_email]
                             ELSE array_agg(DISTINCT coalesce(a.email, organisation_email)) END, NULL)
      FROM account a
     WHERE a.organisation_id = id AND a.role = 'ROLE_RESPONDENT' AND NOT a.closed
$$;

ALTER TABLE assignment ENABLE ROW LEVEL SECURITY;
ALTER TABLE assignment FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON assignment USING (vekha_in_scope(path, current_setting('vekha.scope', true)));
ALTER TABLE organisation_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisation_version FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON organisation_version USING (vekha_in_scope(path, current_setting('vekha.scope', true)));
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
ALTER TABLE account FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON account USING (vekha_in_scope(path, current_setting('vekha.scope', true)));
ALTER TABLE timer ENABLE ROW LEVEL SECURITY;
ALTER TABLE timer FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON timer USING (vekha_in_scope(path, current_setting('vekha.scope', true)));
ALTER TABLE notification ENABLE ROW LEVEL SECURITY;
ALTER TABLE notification FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON notification USING (vekha_in_scope(path, current_setting('vekha.scope', true)));
ALTER TABLE mail ENABLE ROW LEVEL SECURITY;
ALTER TABLE mail FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON mail USING (vekha_in_scope(path, current_setting('vekha.scope', true)));
