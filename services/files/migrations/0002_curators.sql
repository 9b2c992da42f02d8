-- A curator reads the documents of the schools bound.

CREATE TABLE curator_school (
    account_id        uuid NOT NULL,
    organisation_id   uuid NOT NULL,
    organisation_path text COLLATE "C" NOT NULL,
    PRIMARY KEY (account_id, organisation_id)
);

ALTER TABLE curator_school ENABLE ROW LEVEL SECURITY;
ALTER TABLE curator_school FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON curator_school
    USING (vekha_in_scope(organisation_path, current_setting('vekha.scope', true)));
