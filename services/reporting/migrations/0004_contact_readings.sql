-- Who was shown contacts lately, so that the audit is told of a reading once and not of each of its pages and refreshes.
-- What a crash of the server forgets of it is told once more.
CREATE UNLOGGED TABLE contact_reading (
    session_id uuid        NOT NULL,
    act        text        NOT NULL,
    round_id   uuid        NOT NULL,
    -- All zero: the whole territory.
    unit_id    uuid        NOT NULL,
    read_at    timestamptz NOT NULL,
    PRIMARY KEY (session_id, act, round_id, unit_id)
);
