-- Which schools a curator answers for; a school may have several curators and a curator several schools.

CREATE TABLE curator_school (
    account_id        uuid NOT NULL REFERENCES account,
    organisation_id   uuid NOT NULL REFERENCES organisation,
    organisation_path text COLLATE "C" NOT NULL,
    bound_at          timestamptz NOT NULL,
    PRIMARY KEY (account_id, organisation_id)
);

ALTER TABLE curator_school ENABLE ROW LEVEL SECURITY;
ALTER TABLE curator_school FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON curator_school
    USING (vekha_in_scope(organisation_path, current_setting('vekha.scope', true)));
