-- Tables every service has: what it did (idempotency), what it tells others (outbox, stream), what it has heard (inbox_position).

-- RFC 3339 in UTC with milliseconds, as replies and events carry it.
CREATE FUNCTION vekha_time(moment timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;

-- The one rule of territory: a path is inside itself and inside everything above it; '*' is everywhere.
CREATE FUNCTION vekha_in_scope(path text, scope text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT scope = '*' OR path = scope OR starts_with(path, scope || '.') $$;

CREATE TABLE idempotency (
    key            uuid        NOT NULL,
    account_id     uuid        NOT NULL, -- all zero: anonymous
    request_sha256 bytea       NOT NULL,
    reply          bytea       NOT NULL,
    created_at     timestamptz NOT NULL,
    PRIMARY KEY (key, account_id)
);
CREATE INDEX idempotency_created_at ON idempotency USING brin (created_at);

-- Written in the command's transaction; a row holds the packed EventBatch of one commit.
CREATE TABLE outbox (
    position    bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_count integer NOT NULL CHECK (event_count > 0),
    batch       bytea   NOT NULL
);

-- Numbered without gaps by the sequencer, in commit-safe order: event i of a row has the number first_number + i.
CREATE TABLE stream (
    first_number bigint      PRIMARY KEY,
    event_count  integer     NOT NULL,
    batch        bytea       NOT NULL,
    numbered_at  timestamptz NOT NULL
);

CREATE TABLE inbox_position (
    stream text   PRIMARY KEY,
    number bigint NOT NULL
);
