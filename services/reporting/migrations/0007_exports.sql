-- Reports as files (S1.29). What was asked, by whom and when stays with the file, so that one begun anew says the same.
CREATE TABLE export (
    export_id   uuid        PRIMARY KEY,
    account_id  uuid        NOT NULL,
    -- Packed: the request, and the principal with whose rights it is made.
    request     bytea       NOT NULL,
    principal   bytea       NOT NULL,
    scope       text        NOT NULL,
    is_english  boolean     NOT NULL,
    report      text        NOT NULL,
    format      text        NOT NULL CHECK (format IN ('xlsx', 'csv')),
    round_id    uuid        NOT NULL,
    file_name   text        NOT NULL,
    state       text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    created_at  timestamptz NOT NULL,
    -- The last sign of life of whoever makes it.
    alive_at    timestamptz,
    attempts    integer     NOT NULL DEFAULT 0,
    rows        integer     NOT NULL DEFAULT 0,
    size_bytes  bigint      NOT NULL DEFAULT 0,
    sha256      text        NOT NULL DEFAULT '',
    finished_at timestamptz
);
CREATE INDEX export_to_make ON export (created_at) WHERE state IN ('waiting', 'running');
CREATE INDEX export_of_account ON export (account_id, created_at DESC);

CREATE TABLE export_piece (
    export_id uuid    NOT NULL REFERENCES export ON DELETE CASCADE,
    position  integer NOT NULL,
    bytes     bytea   NOT NULL,
    PRIMARY KEY (export_id, position)
);
-- Zipped already.
ALTER TABLE export_piece ALTER COLUMN bytes SET STORAGE EXTERNAL;
