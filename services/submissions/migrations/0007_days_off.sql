-- Due dates that fall on a day off, as the programme says (ГК РФ, статья 193).

-- The production calendar belongs to deadlines, which tells of every change; this is what it begins with there: article
-- 112 of the Labour Code, and the days that the government moved from 2020 to 2026.
CREATE TABLE day_off (day date PRIMARY KEY);
INSERT INTO day_off (day)
WITH span AS (SELECT d::date AS day, extract(isodow FROM d)::integer AS weekday, to_char(d, 'MM-DD') AS name
                FROM generate_series(timestamp '2019-01-01', timestamp '2040-12-31', interval '1 day') d),
     holiday AS MATERIALIZED (
         SELECT CASE WHEN weekday > 5 THEN day + 8 - weekday ELSE day END AS day FROM span
          WHERE name IN ('02-23', '03-08', '05-01', '05-09', '06-12', '11-04'))
SELECT s.day FROM span s
 WHERE (s.weekday > 5 OR s.name BETWEEN '01-01' AND '01-08' OR s.day IN (SELECT h.day FROM holiday h)
        OR s.day = ANY ('{2020-05-04, 2020-05-05, 2021-02-22, 2021-11-05, 2021-12-31, 2022-03-07, 2022-05-03,
                          2022-05-10, 2023-02-24, 2023-05-08, 2024-04-29, 2024-04-30, 2024-05-10, 2024-12-30,
                          2024-12-31, 2025-05-02, 2025-05-08, 2025-06-13, 2025-11-03, 2025-12-31, 2026-01-09,
                          2026-12-31}'::date[]))
   AND s.day <> ALL ('{2021-02-20, 2022-03-05, 2024-04-27, 2024-11-02, 2024-12-28, 2025-02-24, 2025-03-10,
                       2025-11-01}'::date[]);

ALTER TABLE programme ADD COLUMN on_day_off text NOT NULL DEFAULT 'keep'
    CHECK (on_day_off IN ('keep', 'next_working_day', 'previous_working_day'));
-- The day that the row of repetitions has, where due_on has moved from it: the next round counts from there.
ALTER TABLE round ADD COLUMN named_due_on date;
