-- Who is reminded of due dates, as the programme says, in one letter a day.

-- What a programme says; the hours are of the round's zone, equal ones name none. Programmes that say nothing have the
-- rule of the null id. on_day_off: what becomes of a reminder that falls on a day off.
CREATE TABLE reminder_rule (
    programme_id uuid    PRIMARY KEY,
    quiet_from   integer NOT NULL,
    quiet_until  integer NOT NULL,
    on_day_off   text    NOT NULL CHECK (on_day_off IN ('keep', 'move'))
);
-- day_offset counts from the due day: -3 is three days before.
CREATE TABLE reminder_step (
    programme_id    uuid    NOT NULL REFERENCES reminder_rule ON DELETE CASCADE,
    recipient       text    NOT NULL CHECK (recipient IN ('respondent', 'municipality', 'region')),
    day_offset      integer NOT NULL,
    in_working_days boolean NOT NULL,
    PRIMARY KEY (programme_id, recipient, day_offset, in_working_days)
);
INSERT INTO reminder_rule VALUES ('00000000-0000-0000-0000-000000000000', 21, 8, 'keep');
INSERT INTO reminder_step
SELECT '00000000-0000-0000-0000-000000000000', s.recipient, s.day_offset, false
  FROM (VALUES ('respondent', -3), ('respondent', -1), ('respondent', 0), ('respondent', 1), ('municipality', 1))
       s (recipient, day_offset);
CREATE FUNCTION rule_of(programme uuid) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT programme_id FROM reminder_rule WHERE programme_id = programme),
                    '00000000-0000-0000-0000-000000000000')
$$;

-- NULL: opened before programmes said who is reminded.
ALTER TABLE round ADD COLUMN programme_id uuid;
-- Reminders after the due day count from the day of asking, where that is later. NULL: not known.
ALTER TABLE assignment ADD COLUMN asked_at timestamptz;

-- Timers are of an organisation, whoever is told; a coordinator's notice is put together from all that came.
ALTER TABLE timer ADD COLUMN recipient text NOT NULL DEFAULT 'respondent',
                  ADD COLUMN in_working_days boolean NOT NULL DEFAULT false;
ALTER TABLE timer ALTER COLUMN recipient DROP DEFAULT, ALTER COLUMN in_working_days DROP DEFAULT;
DELETE FROM timer WHERE organisation_id IS NULL;
ALTER TABLE timer ALTER COLUMN organisation_id SET NOT NULL;
ALTER TABLE timer DROP CONSTRAINT timer_round_id_organisation_id_day_offset_due_on_key;
ALTER TABLE timer ADD PRIMARY KEY (round_id, organisation_id, due_on, recipient, day_offset, in_working_days);
INSERT INTO timer (round_id, organisation_id, path, recipient, day_offset, in_working_days, due_on, fires_at, state)
SELECT round_id, organisation_id, path, 'municipality', day_offset, false, due_on, fires_at, state
  FROM timer WHERE day_offset = 1 AND state = 'waiting';

-- What somebody is to be told of, until the letter of a day takes it along: an account, or an organisation that has
-- none. moments: the steps that came. look_at: not before then.
CREATE TABLE reminder_word (
    recipient_id    uuid          NOT NULL,
    level           text          NOT NULL,
    round_id        uuid          NOT NULL,
    organisation_id uuid          NOT NULL,
    path            text          NOT NULL COLLATE "C",
    due_on          date          NOT NULL,
    moments         timestamptz[] NOT NULL,
    look_at         timestamptz   NOT NULL DEFAULT '-infinity',
    PRIMARY KEY (recipient_id, round_id, organisation_id, due_on)
);
CREATE INDEX reminder_word_look ON reminder_word (look_at);
-- The last day on which a letter was written: there is one a day.
CREATE TABLE reminded (
    recipient_id uuid PRIMARY KEY,
    day          date NOT NULL
);

ALTER TABLE reminder_word ENABLE ROW LEVEL SECURITY;
ALTER TABLE reminder_word FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON reminder_word USING (vekha_in_scope(path, current_setting('vekha.scope', true)));

-- So many days before or after a day: with working days, the so-manieth of them. On a day off it is moved back until the
-- due day, onwards after it. Where the calendar ends all days count.
CREATE FUNCTION step_day(base date, day_offset integer, in_working_days boolean, on_day_off text) RETURNS date
LANGUAGE sql STABLE AS $$
    SELECT coalesce(CASE WHEN on_day_off <> 'move' THEN NULL
                         WHEN day_offset > 0 THEN (SELECT c.day FROM calendar_day c WHERE c.is_working AND c.day >= p.day
                                                    ORDER BY c.day LIMIT 1)
                         ELSE (SELECT c.day FROM calendar_day c WHERE c.is_working AND c.day <= p.day
                                ORDER BY c.day DESC LIMIT 1) END, p.day)
      FROM (SELECT coalesce(CASE WHEN in_working_days THEN
                (SELECT t.day FROM calendar_day b JOIN calendar_day t ON t.is_working AND t.working_number =
                    b.working_number + day_offset + CASE WHEN day_offset > 0 THEN 0 ELSE 1 - b.is_working::integer END
                  WHERE b.day = base) END, base + day_offset) AS day) p
$$;
-- The reminders of one due day: asked_on is the day since when it has been known.
CREATE FUNCTION reminders_of(programme uuid, due_on date, asked_on date, zone text, hour integer)
RETURNS TABLE (recipient text, day_offset integer, in_working_days boolean, at timestamptz) LANGUAGE sql STABLE AS $$
    SELECT s.recipient, s.day_offset, s.in_working_days,
           fires_at(step_day(CASE WHEN s.day_offset > 0 THEN greatest(due_on, asked_on) ELSE due_on END, s.day_offset,
                             s.in_working_days, r.on_day_off), zone, 0, hour)
      FROM reminder_rule r JOIN reminder_step s USING (programme_id) WHERE r.programme_id = rule_of(programme)
$$;
