-- Forms that other bodies issue for the evidence of items, as each loading of the programme named them (S3.17).

ALTER TABLE item_version
    ADD COLUMN form_title text,
    ADD COLUMN form_owner text,
    ADD COLUMN form_owner_code text, -- '' is outside the system
    ADD COLUMN form_basis text,
    ADD COLUMN form_address text,
    ADD COLUMN form_document_id uuid,
    ADD COLUMN form_file_name text;
