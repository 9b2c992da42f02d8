-- Letters by which people get into accounts that were issued to them (S2.13): the login, and a link that works once. The
-- link is nowhere here: it follows from the letter's number and this service's key.

-- NULL: issued before this was kept.
ALTER TABLE account ADD COLUMN login text;
ALTER TABLE mail ADD COLUMN account_id uuid;
CREATE INDEX mail_account ON mail (account_id, written_at DESC) WHERE account_id IS NOT NULL;
