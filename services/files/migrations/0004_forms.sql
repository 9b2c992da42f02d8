-- Documents of a programme: forms that other bodies issue (S3.17). Whoever may log in may read them, as the programme.

ALTER TABLE document ADD COLUMN programme_code text, DROP CONSTRAINT document_check,
    ADD CONSTRAINT document_belongs CHECK (num_nonnulls(assignment_id, message_id, programme_code) = 1);
ALTER TABLE upload ADD COLUMN programme_code text, DROP CONSTRAINT upload_check1,
    ADD CONSTRAINT upload_belongs CHECK (num_nonnulls(assignment_id, message_id, programme_code) = 1);

CREATE POLICY forms ON document FOR SELECT
    USING (programme_code IS NOT NULL AND coalesce(current_setting('vekha.scope', true), '') <> '');
