-- How much room an organisation's documents take, told by one row of its own instead of all of theirs; the same content
-- counts once. Written with each document.

CREATE TABLE organisation_room (
    organisation_id   uuid PRIMARY KEY,
    organisation_path text COLLATE "C" NOT NULL,
    bytes             bigint NOT NULL
) WITH (fillfactor = 50);
INSERT INTO organisation_room (organisation_id, organisation_path, bytes)
    SELECT organisation_id, min(organisation_path), sum(size_bytes)
    FROM (SELECT DISTINCT organisation_id, organisation_path, sha256, size_bytes FROM document) d
    GROUP BY organisation_id;

ALTER TABLE organisation_room ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisation_room FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON organisation_room
    USING (vekha_in_scope(organisation_path, current_setting('vekha.scope', true)));

-- Of uploads only the open ones are counted.
CREATE INDEX upload_open ON upload (organisation_id) WHERE document_id IS NULL AND refusal IS NULL;
DROP INDEX upload_organisation;
