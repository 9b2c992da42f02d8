-- Who read or changed personal data: a chain in which every record vouches for the one before it.

-- Written in the transaction of the act itself, taken over into the chain by the sealer within a second: writers
-- never wait for each other at the chain's end.
CREATE TABLE audit_pending (
    pending_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    act text NOT NULL,
    actor_account_id uuid,
    account_id uuid,
    organisation_id uuid,
    territory_path text COLLATE "C",
    client_address text,
    detail text
);

CREATE TABLE audit_record (
    number bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    act text NOT NULL,
    actor_account_id uuid,
    account_id uuid,
    organisation_id uuid,
    territory_path text COLLATE "C",
    client_address text,
    detail text,
    -- SHA-256 over the hash before and audit_text() of this record; 32 zero bytes stand before the first.
    hash bytea NOT NULL
);
CREATE INDEX audit_record_actor ON audit_record (actor_account_id, number);
CREATE INDEX audit_record_account ON audit_record (account_id, number);
CREATE INDEX audit_record_organisation ON audit_record (organisation_id, number);

-- What is hashed, the same text for vekha-audit: every field, and NULL unlike "".
CREATE FUNCTION audit_text(r audit_record) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat_ws(E'\n', r.number, to_char(r.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                     quote_nullable(r.act), quote_nullable(r.actor_account_id::text), quote_nullable(r.account_id::text),
                     quote_nullable(r.organisation_id::text), quote_nullable(r.territory_path),
                     quote_nullable(r.client_address), quote_nullable(r.detail))
$$;

-- Takes over at most so many records; how many it were. One sealer at a time.
CREATE FUNCTION audit_seal(most integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    last audit_record;
    waiting audit_pending;
    taken bigint[] := '{}';
BEGIN
    PERFORM pg_advisory_xact_lock(7423160005);
    SELECT * INTO last FROM audit_record ORDER BY number DESC LIMIT 1;
    last.number := coalesce(last.number, 0);
    last.hash := coalesce(last.hash, decode(repeat('00', 32), 'hex'));
    FOR waiting IN SELECT * FROM audit_pending ORDER BY pending_id LIMIT most LOOP
        last := (last.number + 1, waiting.at, waiting.act, waiting.actor_account_id, waiting.account_id,
                 waiting.organisation_id, waiting.territory_path, waiting.client_address, waiting.detail, last.hash);
        last.hash := sha256(last.hash || convert_to(audit_text(last), 'UTF8'));
        INSERT INTO audit_record SELECT last.*;
        taken := taken || waiting.pending_id;
    END LOOP;
    DELETE FROM audit_pending WHERE pending_id = ANY (taken);
    RETURN cardinality(taken);
END
$$;

-- Anybody's act is written down, also of who is nobody yet; read it those in whose territory it happened.
ALTER TABLE audit_record ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_record FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON audit_record FOR SELECT
    USING (vekha_in_scope(territory_path, current_setting('vekha.scope', true)));
CREATE POLICY written ON audit_record FOR INSERT WITH CHECK (true);
ALTER TABLE audit_pending ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_pending FORCE ROW LEVEL SECURITY;
CREATE POLICY sealed ON audit_pending USING (current_setting('vekha.scope', true) = '*');
CREATE POLICY written ON audit_pending FOR INSERT WITH CHECK (true);

-- The service itself may add to the chain and read it, and nothing else.
REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON audit_record FROM CURRENT_USER;
REVOKE UPDATE, TRUNCATE ON audit_pending FROM CURRENT_USER;
