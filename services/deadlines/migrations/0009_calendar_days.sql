-- The production calendar as data that the administrator changes: what a day is, why, and who said so.

ALTER TABLE calendar_day ADD COLUMN kind text, ADD COLUMN note text NOT NULL DEFAULT '',
                         ADD COLUMN changed_at timestamptz, ADD COLUMN changed_by text NOT NULL DEFAULT '';
-- Article 112 names the holidays; article 95 shortens the working day before one.
UPDATE calendar_day c SET kind = CASE
    WHEN NOT is_working AND is_holiday THEN 'holiday'
    WHEN NOT is_working THEN 'day_off'
    WHEN (SELECT n.name BETWEEN '01-01' AND '01-08' OR n.name IN ('02-23', '03-08', '05-01', '05-09', '06-12', '11-04')
            FROM (SELECT to_char(c.day + 1, 'MM-DD') AS name) n) THEN 'shortened'
    ELSE 'working' END
  FROM (SELECT day, to_char(day, 'MM-DD') BETWEEN '01-01' AND '01-08'
               OR to_char(day, 'MM-DD') IN ('02-23', '03-08', '05-01', '05-09', '06-12', '11-04') AS is_holiday
          FROM calendar_day) h WHERE h.day = c.day;
UPDATE calendar_day SET note = CASE WHEN is_working THEN 'Рабочий день по переносу' ELSE 'Выходной день по переносу' END
 WHERE is_working <> (extract(isodow FROM day) < 6) AND kind <> 'holiday';
ALTER TABLE calendar_day ALTER COLUMN kind SET NOT NULL,
    ADD CHECK (kind IN ('working', 'shortened', 'day_off', 'holiday')),
    ADD CHECK (is_working = (kind IN ('working', 'shortened')));
-- While numbers move on by one, two days may have the same.
DROP INDEX calendar_day_working;
CREATE INDEX calendar_day_working ON calendar_day (working_number) WHERE is_working;

CREATE TABLE calendar_change (
    change_id     uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    day           date        NOT NULL,
    previous_kind text        NOT NULL,
    kind          text        NOT NULL,
    note          text        NOT NULL,
    at            timestamptz NOT NULL,
    account_id    uuid        NOT NULL,
    by_name       text        NOT NULL
);
CREATE INDEX calendar_change_day ON calendar_change (day);
-- Something has changed since then that has not been planned for.
CREATE TABLE calendar_unplanned (
    change_id uuid        PRIMARY KEY REFERENCES calendar_change,
    at        timestamptz NOT NULL
);
