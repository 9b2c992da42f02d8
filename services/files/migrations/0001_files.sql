-- Documents and the uploads they come from. The bytes lie in the blob folder under their SHA-256.

CREATE TABLE document (
    document_id       uuid PRIMARY KEY,
    assignment_id     uuid NOT NULL,
    organisation_id   uuid NOT NULL,
    organisation_path text COLLATE "C" NOT NULL,
    account_id        uuid NOT NULL,
    file_name         text NOT NULL,
    size_bytes        bigint NOT NULL CHECK (size_bytes > 0),
    sha256            text COLLATE "C" NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    pages             integer NOT NULL CHECK (pages > 0),
    stored_at         timestamptz NOT NULL,
    -- When an answer that rests on it was sent: from then on those who review and oversee may read it (S2.37).
    shared_at         timestamptz
);
CREATE INDEX document_organisation ON document (organisation_id, sha256) INCLUDE (size_bytes);
CREATE INDEX document_sha256 ON document (sha256);

CREATE TABLE upload (
    upload_id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    assignment_id     uuid NOT NULL,
    organisation_id   uuid NOT NULL,
    organisation_path text COLLATE "C" NOT NULL,
    account_id        uuid NOT NULL,
    file_name         text NOT NULL,
    size_bytes        bigint NOT NULL CHECK (size_bytes > 0),
    created_at        timestamptz NOT NULL,
    expires_at        timestamptz NOT NULL,
    -- What became of it: both NULL while bytes are awaited or checked.
    document_id       uuid REFERENCES document,
    refusal           text,
    CHECK (document_id IS NULL OR refusal IS NULL)
);
CREATE INDEX upload_organisation ON upload (organisation_id);
CREATE INDEX upload_expires_at ON upload (expires_at);

ALTER TABLE document ENABLE ROW LEVEL SECURITY;
ALTER TABLE document FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON document USING (vekha_in_scope(organisation_path, current_setting('vekha.scope', true)));
ALTER TABLE upload ENABLE ROW LEVEL SECURITY;
ALTER TABLE upload FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON upload USING (vekha_in_scope(organisation_path, current_setting('vekha.scope', true)));
