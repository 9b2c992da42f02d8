-- Documents attached to messages: read by whoever wrote the message, and by its addressees once it was sent (S1.36).

ALTER TABLE document ALTER COLUMN assignment_id DROP NOT NULL, ADD COLUMN message_id uuid,
    ADD CHECK ((assignment_id IS NULL) <> (message_id IS NULL));
ALTER TABLE upload ALTER COLUMN assignment_id DROP NOT NULL, ADD COLUMN message_id uuid,
    ADD CHECK ((assignment_id IS NULL) <> (message_id IS NULL));

CREATE TABLE message_reader (
    document_id uuid NOT NULL REFERENCES document,
    account_id  uuid NOT NULL,
    path        text NOT NULL COLLATE "C",
    PRIMARY KEY (document_id, account_id)
);

ALTER TABLE message_reader ENABLE ROW LEVEL SECURITY;
ALTER TABLE message_reader FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON message_reader USING (vekha_in_scope(path, current_setting('vekha.scope', true)));
CREATE POLICY readers ON document FOR SELECT USING (message_id IS NOT NULL AND EXISTS (
    SELECT FROM message_reader r WHERE r.document_id = document.document_id));
