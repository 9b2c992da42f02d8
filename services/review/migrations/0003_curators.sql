-- Who judges an answer, curators with their schools, and the talk about an answer.

ALTER TABLE entry
    ADD COLUMN reviewer text NOT NULL DEFAULT 'operator' CHECK (reviewer IN ('operator', 'curator')),
    ADD COLUMN section_code text,
    ADD COLUMN stage text,
    -- Every version that was ever sent, in their order: what a remark may be pinned to.
    ADD COLUMN sent_versions integer[] NOT NULL DEFAULT '{}';
UPDATE entry e SET sent_versions = ARRAY(
    SELECT v.version FROM verdict v WHERE v.assignment_id = e.assignment_id UNION SELECT e.version ORDER BY 1);

-- Operators and curators have queues of their own.
DROP INDEX entry_pending_by_age;
CREATE INDEX entry_pending_by_age ON entry (reviewer, sent_at, assignment_id) WHERE state IN ('waiting', 'opened');
DROP INDEX entry_pending_by_place;
CREATE INDEX entry_pending_by_place ON entry (organisation_path, sent_at, assignment_id)
    INCLUDE (state, programme_code, round_id, organisation_id, reviewer) WHERE state IN ('waiting', 'opened');
DROP INDEX entry_by_age;
CREATE INDEX entry_by_age ON entry (reviewer, state, sent_at, assignment_id);
CREATE INDEX entry_of_school ON entry (organisation_id, sent_at, assignment_id) WHERE reviewer = 'curator';

CREATE TABLE curator_school (
    account_id        uuid NOT NULL,
    organisation_id   uuid NOT NULL,
    organisation_path text COLLATE "C" NOT NULL,
    PRIMARY KEY (account_id, organisation_id)
);

CREATE TABLE remark (
    remark_id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    assignment_id     uuid NOT NULL REFERENCES entry,
    version           integer NOT NULL,
    organisation_path text COLLATE "C" NOT NULL,
    author_account_id uuid NOT NULL,
    author_role       text NOT NULL CHECK (author_role IN ('respondent', 'operator', 'curator')),
    text              text NOT NULL,
    at                timestamptz NOT NULL
);
CREATE INDEX remark_assignment ON remark (assignment_id, at, remark_id);

ALTER TABLE curator_school ENABLE ROW LEVEL SECURITY;
ALTER TABLE curator_school FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON curator_school
    USING (vekha_in_scope(organisation_path, current_setting('vekha.scope', true)));
ALTER TABLE remark ENABLE ROW LEVEL SECURITY;
ALTER TABLE remark FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON remark USING (vekha_in_scope(organisation_path, current_setting('vekha.scope', true)));
