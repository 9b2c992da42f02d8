-- Mailings that are prepared by themselves as the next round of a programme opens (S2.3, S2.5).

-- When everybody has been asked; NULL: not yet, or opened before this was kept.
ALTER TABLE round ADD COLUMN assigned_at timestamptz;

-- One of a territory and a programme. hour: 'send' sends on a working day from then on.
CREATE TABLE campaign_rule (
    rule_id             uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    programme_id        uuid        NOT NULL,
    author_path         text        NOT NULL COLLATE "C",
    author_account_id   uuid        NOT NULL,
    author_name         text        NOT NULL,
    author_organisation text        NOT NULL,
    words               text        NOT NULL,
    organisation_ids    uuid[]      NOT NULL,
    mode                text        NOT NULL CHECK (mode IN ('prepare', 'send')),
    hour                integer     NOT NULL CHECK (hour BETWEEN 0 AND 20),
    since               timestamptz NOT NULL,
    UNIQUE (programme_id, author_path)
);
-- Each round once, whoever tries, also when its draft was dropped.
CREATE TABLE campaign_made (
    rule_id  uuid        NOT NULL REFERENCES campaign_rule ON DELETE CASCADE,
    round_id uuid        NOT NULL,
    at       timestamptz NOT NULL,
    PRIMARY KEY (rule_id, round_id)
);
ALTER TABLE campaign ADD COLUMN by_itself boolean NOT NULL DEFAULT false, ADD COLUMN sends_at timestamptz,
                     ADD COLUMN sends_from_hour integer;
CREATE INDEX campaign_sends ON campaign (sends_at) WHERE state = 'draft' AND sends_at IS NOT NULL;

ALTER TABLE campaign_rule ENABLE ROW LEVEL SECURITY;
ALTER TABLE campaign_rule FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON campaign_rule USING (vekha_in_scope(author_path, current_setting('vekha.scope', true)));

-- The first moment after `moment` at that hour of a working day; NULL when the due date is over by then.
CREATE FUNCTION campaign_sends_at(moment timestamptz, zone text, hour integer, due_at timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT min(fires_at(c.day, zone, 0, hour)) FROM calendar_day c
     WHERE c.is_working AND c.day BETWEEN due_day(moment, zone) AND due_day(moment, zone) + 31
       AND fires_at(c.day, zone, 0, hour) > moment AND fires_at(c.day, zone, 0, hour) < due_at
$$;
