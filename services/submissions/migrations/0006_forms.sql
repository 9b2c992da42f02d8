-- Forms that other bodies issue for the evidence of items (S3.17). They stand beside the texts of rounds: a form that is
-- published in the middle of a round is needed in this one.

-- Uploads for a programme: what its forms may name.
CREATE TABLE form_document (
    document_id    uuid PRIMARY KEY,
    programme_code text NOT NULL,
    file_name      text NOT NULL,
    size_bytes     bigint NOT NULL,
    pages          integer NOT NULL,
    stored_at      timestamptz NOT NULL
);

CREATE TABLE item_form (
    item_id           uuid PRIMARY KEY REFERENCES item,
    title             text NOT NULL,
    owner             text NOT NULL,
    organisation_code text NOT NULL,
    basis             text NOT NULL,
    address           text NOT NULL,
    document_id       uuid REFERENCES form_document
);

-- The cabinet shows both.
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON item_form EXECUTE FUNCTION count_change();
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON form_document EXECUTE FUNCTION count_change();
