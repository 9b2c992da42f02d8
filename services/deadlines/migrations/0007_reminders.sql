-- What coordinators remind organisations of: each time a message of its own (S2.62).
CREATE TABLE reminder (
    message_id      uuid        PRIMARY KEY REFERENCES message,
    round_id        uuid        NOT NULL,
    organisation_id uuid        NOT NULL,
    path            text        NOT NULL COLLATE "C",
    account_id      uuid        NOT NULL,
    items           integer     NOT NULL,
    at              timestamptz NOT NULL
);
CREATE INDEX reminder_round ON reminder (round_id, path, at DESC);

ALTER TABLE reminder ENABLE ROW LEVEL SECURITY;
ALTER TABLE reminder FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON reminder USING (vekha_in_scope(path, current_setting('vekha.scope', true)));
