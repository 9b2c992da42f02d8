-- What pgbench writes into as the limit: tables with the columns, sizes and indexes of ours, without rules, row security
-- or foreign keys. Which statement of ours a table stands for is said in limit_<act>.sql.
CREATE TABLE assignment (
    assignment_id uuid PRIMARY KEY, organisation_id uuid NOT NULL, round_item_id integer NOT NULL,
    version integer NOT NULL, acts integer NOT NULL, saved_at timestamptz, sent_at timestamptz,
    organisation_path text NOT NULL, state text NOT NULL, value text,
    UNIQUE (organisation_id, round_item_id)
) WITH (fillfactor = 80);
CREATE TABLE history (
    assignment_id uuid NOT NULL, act_number integer NOT NULL, version integer NOT NULL, at timestamptz NOT NULL,
    actor_account_id uuid, organisation_path text NOT NULL, act text NOT NULL, value text,
    PRIMARY KEY (assignment_id, act_number));
CREATE TABLE idempotency (
    key uuid NOT NULL, account_id uuid NOT NULL, request_sha256 bytea NOT NULL, reply bytea NOT NULL,
    created_at timestamptz NOT NULL, PRIMARY KEY (key, account_id));
CREATE INDEX idempotency_created_at ON idempotency USING brin (created_at);
CREATE TABLE outbox (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event_count integer NOT NULL, batch bytea NOT NULL);
CREATE TABLE stream (
    first_number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event_count integer NOT NULL, batch bytea NOT NULL,
    numbered_at timestamptz NOT NULL);

-- review
CREATE TABLE entry (
    assignment_id uuid PRIMARY KEY, version integer NOT NULL, state text NOT NULL, programme_code text NOT NULL,
    round_id uuid NOT NULL, item_id uuid NOT NULL, organisation_id uuid NOT NULL, organisation_path text NOT NULL,
    question text NOT NULL, value text, sent_at timestamptz NOT NULL, closed_at timestamptz);
CREATE INDEX entry_pending_by_age ON entry (sent_at, assignment_id) WHERE state IN ('waiting', 'opened');
CREATE INDEX entry_pending_by_place ON entry (organisation_path, sent_at, assignment_id)
    INCLUDE (state, programme_code, round_id, organisation_id) WHERE state IN ('waiting', 'opened');
CREATE INDEX entry_by_age ON entry (state, sent_at, assignment_id);
CREATE TABLE verdict (
    verdict_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, assignment_id uuid NOT NULL, version integer NOT NULL,
    accepted boolean NOT NULL, given_at timestamptz NOT NULL, operator_account_id uuid NOT NULL,
    organisation_path text NOT NULL, UNIQUE (assignment_id, version));

-- submissions and reporting, once a verdict or an answer has reached them
CREATE TABLE accepted (
    organisation_id uuid NOT NULL, item_id uuid NOT NULL, organisation_path text NOT NULL, assignment_id uuid NOT NULL,
    version integer NOT NULL, value text NOT NULL, accepted_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, item_id));
CREATE TABLE cell (
    assignment_id uuid PRIMARY KEY, round_id uuid NOT NULL, organisation_id uuid NOT NULL, path text NOT NULL,
    item_id uuid NOT NULL, state text NOT NULL, value text, sent_at timestamptz, accepted_at timestamptz,
    UNIQUE (organisation_id, item_id, round_id)
) WITH (fillfactor = 80);
CREATE INDEX cell_round ON cell (round_id, organisation_id);
CREATE TABLE counter (
    round_id uuid NOT NULL, organisation_id uuid NOT NULL, path text NOT NULL, total integer NOT NULL,
    changes integer NOT NULL, sent_at timestamptz, PRIMARY KEY (round_id, organisation_id)
) WITH (fillfactor = 60);
CREATE TABLE change (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, organisation_id uuid NOT NULL, path text NOT NULL,
    item_id uuid NOT NULL, round_id uuid, assignment_id uuid, state text NOT NULL, at timestamptz NOT NULL, value text);
CREATE INDEX change_accepted ON change (organisation_id, at, item_id) WHERE state = 'accepted';
CREATE INDEX change_assignment ON change (assignment_id, at) WHERE assignment_id IS NOT NULL;
CREATE INDEX change_round ON change (round_id, at) WHERE round_id IS NOT NULL;
CREATE TABLE outstanding (assignment_id uuid PRIMARY KEY, outstanding boolean NOT NULL);

-- A save at its plainest (limit_save.sql).
CREATE TABLE limit_history (
    assignment bigint NOT NULL, version integer NOT NULL, value text NOT NULL, author uuid NOT NULL,
    at timestamptz NOT NULL, PRIMARY KEY (assignment, version, at));
CREATE TABLE limit_outbox (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event bytea NOT NULL);
CREATE TABLE limit_status (
    assignment bigint PRIMARY KEY, version integer NOT NULL, value text, state text NOT NULL, at timestamptz
) WITH (fillfactor = 80);
INSERT INTO limit_status SELECT n, 1, NULL, 'empty', NULL FROM generate_series(1, 20000) AS n;

-- Row n of each belongs to assignment n; ids are as random as ours.
CREATE TEMP TABLE numbered AS SELECT n, md5(n::text)::uuid AS id, md5('i' || n)::uuid AS item,
    't0123456789.01.0002' AS path FROM generate_series(1, 20000) AS n;
INSERT INTO assignment SELECT id, item, n, 1, 1, NULL, NULL, path, 'empty', NULL FROM numbered;
INSERT INTO entry SELECT id, 1, 'waiting', 'programme', item, item, item, path, repeat('q', 60), '10', clock_timestamp(),
    NULL FROM numbered;
INSERT INTO cell SELECT id, item, item, path, item, 'draft', NULL, NULL, NULL FROM numbered;
INSERT INTO counter SELECT item, item, path, 40, 0, NULL FROM numbered;
INSERT INTO outstanding SELECT id, true FROM numbered;
VACUUM ANALYZE assignment, entry, cell, counter, outstanding;
