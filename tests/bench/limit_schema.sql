-- What pgbench writes as the limit: the same three rows a durable save of ours leaves, without any rule.
DROP TABLE IF EXISTS limit_history, limit_outbox, limit_status;
CREATE TABLE limit_history (
    assignment bigint NOT NULL, version integer NOT NULL, value text NOT NULL, author uuid NOT NULL,
    at timestamptz NOT NULL, PRIMARY KEY (assignment, version, at));
CREATE TABLE limit_outbox (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event bytea NOT NULL);
CREATE TABLE limit_status (
    assignment bigint PRIMARY KEY, version integer NOT NULL, value text, state text NOT NULL, at timestamptz
) WITH (fillfactor = 80);
INSERT INTO limit_status SELECT n, 1, NULL, 'empty', NULL FROM generate_series(1, 20000) AS n;
VACUUM ANALYZE limit_status;
