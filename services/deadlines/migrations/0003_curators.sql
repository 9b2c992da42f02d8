-- Whom to tell of what a school sends: the curators bound to it.

CREATE TABLE curator_school (
    account_id        uuid NOT NULL,
    organisation_id   uuid NOT NULL,
    organisation_path text COLLATE "C" NOT NULL,
    PRIMARY KEY (account_id, organisation_id)
);
CREATE INDEX curator_school_organisation ON curator_school (organisation_id);

ALTER TABLE curator_school ENABLE ROW LEVEL SECURITY;
ALTER TABLE curator_school FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON curator_school
    USING (vekha_in_scope(organisation_path, current_setting('vekha.scope', true)));

CREATE FUNCTION curators_of(id uuid, notice_kind text)
RETURNS TABLE (accounts uuid[], addresses text[]) LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT coalesce(array_agg(a.account_id), '{}'),
           coalesce(array_agg(DISTINCT a.email) FILTER (WHERE a.email IS NOT NULL
                                                        AND wants_mail(a.account_id, notice_kind)), '{}')
      FROM curator_school c JOIN account a USING (account_id)
     WHERE c.organisation_id = id AND NOT a.closed
$$;
