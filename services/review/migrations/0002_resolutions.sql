-- Reasons that an operator keeps for the next rejection.

CREATE TABLE resolution (
    resolution_id     uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    account_id        uuid        NOT NULL,
    organisation_path text        NOT NULL COLLATE "C",
    text              text        NOT NULL,
    kept_at           timestamptz NOT NULL,
    UNIQUE (account_id, text)
);

ALTER TABLE resolution ENABLE ROW LEVEL SECURITY;
ALTER TABLE resolution FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON resolution USING (vekha_in_scope(organisation_path, current_setting('vekha.scope', true)));
