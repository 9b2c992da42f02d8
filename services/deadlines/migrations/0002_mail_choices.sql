-- Kinds of notices that an account does not want as letters; in the cabinet they are seen all the same.

CREATE TABLE mail_refusal (
    account_id uuid   PRIMARY KEY,
    path       text   NOT NULL COLLATE "C",
    kinds      text[] NOT NULL
);

ALTER TABLE mail_refusal ENABLE ROW LEVEL SECURITY;
ALTER TABLE mail_refusal FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON mail_refusal USING (vekha_in_scope(path, current_setting('vekha.scope', true)));

CREATE FUNCTION wants_mail(account uuid, notice_kind text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (SELECT FROM mail_refusal r WHERE r.account_id = account AND notice_kind = ANY (r.kinds))
$$;

-- As before, without the addresses of those who do not want letters of this kind. The organisation's own address steps
-- in where there is no account, not where somebody has refused.
DROP FUNCTION respondents_of(uuid, text);
CREATE FUNCTION respondents_of(id uuid, organisation_email text, notice_kind text)
RETURNS TABLE (accounts uuid[], addresses text[]) LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT coalesce(array_agg(a.account_id), '{}'),
           coalesce(array_remove(CASE WHEN count(*) = 0 THEN ARRAY[organisation_email]
                                      ELSE array_agg(DISTINCT coalesce(a.email, organisation_email))
                                           FILTER (WHERE wants_mail(a.account_id, notice_kind)) END, NULL), '{}')
      FROM account a
     WHERE a.organisation_id = id AND a.role = 'ROLE_RESPONDENT' AND NOT a.closed
$$;
