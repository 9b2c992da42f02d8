-- What was sent before the version that stands in entry: kept for good, with what became of it.

CREATE TABLE former_version (
    assignment_id     uuid NOT NULL REFERENCES entry,
    version           integer NOT NULL,
    organisation_path text COLLATE "C" NOT NULL,
    state             text NOT NULL,
    value             text,
    second_value      text,
    percent           text,
    comment           text,
    document_ids      uuid[] NOT NULL,
    document_names    text[] NOT NULL,
    document_sizes    bigint[] NOT NULL,
    document_pages    integer[] NOT NULL,
    sent_at           timestamptz NOT NULL,
    closed_at         timestamptz,
    PRIMARY KEY (assignment_id, version)
);

ALTER TABLE former_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE former_version FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON former_version
    USING (vekha_in_scope(organisation_path, current_setting('vekha.scope', true)));
