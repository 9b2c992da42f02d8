-- Answers that wait for a verdict, and who is told of it after how many working days (S1.23).

-- The production calendar of Russia: every day, and how many working days there have been until its end.
CREATE TABLE calendar_day (
    day            date    PRIMARY KEY,
    is_working     boolean NOT NULL,
    working_number integer NOT NULL
);

-- Article 112 of the Labour Code: a holiday that falls on a weekend, those of January apart, moves to the next Monday.
-- Beyond that the government moves days, year by year: they are named here from 2020 to 2026.
INSERT INTO calendar_day (day, is_working, working_number)
WITH span AS (SELECT d::date AS day, extract(isodow FROM d)::integer AS weekday, to_char(d, 'MM-DD') AS name
                FROM generate_series(timestamp '2019-01-01', timestamp '2040-12-31', interval '1 day') d),
     holiday AS MATERIALIZED (
         SELECT CASE WHEN weekday > 5 THEN day + 8 - weekday ELSE day END AS day FROM span
          WHERE name IN ('02-23', '03-08', '05-01', '05-09', '06-12', '11-04')),
     moved (day, is_working) AS (
         SELECT d::date, false FROM unnest(ARRAY[
             '2020-05-04', '2020-05-05', '2021-02-22', '2021-11-05', '2021-12-31', '2022-03-07', '2022-05-03',
             '2022-05-10', '2023-02-24', '2023-05-08', '2024-04-29', '2024-04-30', '2024-05-10', '2024-12-30',
             '2024-12-31', '2025-05-02', '2025-05-08', '2025-06-13', '2025-11-03', '2025-12-31', '2026-01-09',
             '2026-12-31']) d
         UNION ALL SELECT d::date, true FROM unnest(ARRAY[
             '2021-02-20', '2022-03-05', '2024-04-27', '2024-11-02', '2024-12-28', '2025-02-24', '2025-03-10',
             '2025-11-01']) d),
     known AS (SELECT s.day, coalesce(m.is_working, s.weekday < 6 AND s.name NOT BETWEEN '01-01' AND '01-08'
                                      AND s.day NOT IN (SELECT h.day FROM holiday h)) AS is_working
                 FROM span s LEFT JOIN moved m USING (day))
SELECT day, is_working, count(*) FILTER (WHERE is_working) OVER (ORDER BY day) FROM known;
CREATE UNIQUE INDEX calendar_day_working ON calendar_day (working_number) WHERE is_working;

-- What a programme says; the hours are of its zone, equal ones name none.
CREATE TABLE answering_step (
    programme_code text    NOT NULL,
    recipient      text    NOT NULL CHECK (recipient IN ('reviewer', 'municipality', 'region')),
    working_days   integer NOT NULL,
    zone           text    NOT NULL,
    quiet_from     integer NOT NULL,
    quiet_until    integer NOT NULL,
    PRIMARY KEY (programme_code, recipient)
);

-- told: the steps that were taken. next_at: when the next one comes; NULL: none does.
CREATE TABLE waiting_answer (
    assignment_id   uuid        PRIMARY KEY,
    version         integer     NOT NULL,
    round_id        uuid        NOT NULL,
    organisation_id uuid        NOT NULL,
    path            text        NOT NULL COLLATE "C",
    programme_code  text        NOT NULL,
    reviewer        text        NOT NULL,
    sent_at         timestamptz NOT NULL,
    told            text[]      NOT NULL DEFAULT '{}',
    next_at         timestamptz
);
CREATE INDEX waiting_answer_next ON waiting_answer (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX waiting_answer_programme ON waiting_answer (programme_code);

-- What an account is to be told of, until the digest of a day takes it along. at: when the step came.
CREATE TABLE unanswered_word (
    account_id     uuid        NOT NULL,
    assignment_id  uuid        NOT NULL,
    version        integer     NOT NULL,
    programme_code text        NOT NULL,
    recipient      text        NOT NULL,
    path           text        NOT NULL COLLATE "C",
    at             timestamptz NOT NULL,
    PRIMARY KEY (account_id, assignment_id, version, recipient)
);

-- So many whole working days have passed since the day of sending: the next working day, at that hour.
CREATE FUNCTION step_at(sent_at timestamptz, zone text, working_days integer, hour integer) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT fires_at(t.day, zone, 0, hour)
      FROM calendar_day s JOIN calendar_day t ON t.is_working AND t.working_number = s.working_number + working_days + 1
     WHERE s.day = due_day(sent_at, zone)
$$;
CREATE FUNCTION next_step_at(code text, sent_at timestamptz, told text[], hour integer) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT min(step_at(sent_at, s.zone, s.working_days, hour)) FROM answering_step s
     WHERE s.programme_code = code AND s.recipient <> ALL (told)
$$;
CREATE FUNCTION is_quiet(moment timestamptz, zone text, quiet_from integer, quiet_until integer) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN quiet_from <= quiet_until THEN h.hour >= quiet_from AND h.hour < quiet_until
                ELSE h.hour >= quiet_from OR h.hour < quiet_until END
      FROM (SELECT extract(hour FROM moment AT TIME ZONE zone) AS hour) h
$$;

ALTER TABLE waiting_answer ENABLE ROW LEVEL SECURITY;
ALTER TABLE waiting_answer FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON waiting_answer USING (vekha_in_scope(path, current_setting('vekha.scope', true)));
ALTER TABLE unanswered_word ENABLE ROW LEVEL SECURITY;
ALTER TABLE unanswered_word FORCE ROW LEVEL SECURITY;
CREATE POLICY territory ON unanswered_word USING (vekha_in_scope(path, current_setting('vekha.scope', true)));
