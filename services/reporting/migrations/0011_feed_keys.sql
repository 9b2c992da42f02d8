-- Who may read the status feed over ZeroMQ, and of what territory. A revoked key stays, so that it is never issued anew.
CREATE TABLE feed_key (
    feed_key_id  uuid        PRIMARY KEY, -- in the order of their issue
    name         text        NOT NULL,
    territory    text        NOT NULL COLLATE "C",
    public_key   text        NOT NULL COLLATE "C" UNIQUE,
    issued_at    timestamptz NOT NULL,
    last_seen_at timestamptz,
    revoked_at   timestamptz
);
ALTER TABLE feed_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE feed_key FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON feed_key USING (
    vekha_in_scope(territory, (SELECT current_setting('vekha.scope', true))));
