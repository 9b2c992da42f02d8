-- A report's file goes on where its maker was killed: pages that were asked for stay as parts until it is whole.
-- PDF besides; and why one could not be made.
ALTER TABLE export DROP CONSTRAINT export_format_check;
ALTER TABLE export ADD CONSTRAINT export_format_check CHECK (format IN ('xlsx', 'csv', 'pdf'));
ALTER TABLE export
    ADD COLUMN parts       integer NOT NULL DEFAULT 0,
    -- Where the next page begins.
    ADD COLUMN token       text    NOT NULL DEFAULT '',
    -- Every page is there.
    ADD COLUMN is_gathered boolean NOT NULL DEFAULT false,
    ADD COLUMN failure     text    NOT NULL DEFAULT '';

-- Rows of a page as lines (export_part.h).
CREATE TABLE export_part (
    export_id uuid    NOT NULL REFERENCES export ON DELETE CASCADE,
    position  integer NOT NULL,
    body      bytea   NOT NULL,
    PRIMARY KEY (export_id, position)
);
