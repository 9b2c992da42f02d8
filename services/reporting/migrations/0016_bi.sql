-- Rows for BI tools that ask what has changed since an event of the stream "submissions" (bi.proto).

-- What was only added to is found by its event at no more cost: the key that was there begins with it.
ALTER TABLE history DROP CONSTRAINT history_pkey;
ALTER TABLE history ADD PRIMARY KEY (event_number, number);
ALTER TABLE assignment_due DROP CONSTRAINT assignment_due_pkey;
ALTER TABLE assignment_due ADD PRIMARY KEY (event_number, number);
ALTER TABLE section_plan DROP CONSTRAINT section_plan_pkey;
ALTER TABLE section_plan ADD PRIMARY KEY (event_number, number);

-- With which event a cell came. It never changes, so updates of cells stay on their page.
CREATE INDEX cell_event ON cell (event_number);

-- With which event these rows last changed.
ALTER TABLE programme ADD COLUMN event_number bigint NOT NULL DEFAULT 0;
ALTER TABLE item ADD COLUMN event_number bigint NOT NULL DEFAULT 0;
ALTER TABLE round ADD COLUMN event_number bigint NOT NULL DEFAULT 0;
UPDATE programme p SET event_number = coalesce(
    (SELECT max(v.event_number) FROM programme_version v WHERE v.programme_id = p.programme_id), 0);
UPDATE item i SET event_number = coalesce(
    (SELECT max(v.event_number) FROM item_version v WHERE v.item_id = i.item_id), 0);
UPDATE round r SET event_number = coalesce(
    (SELECT max(d.event_number) FROM round_due d WHERE d.round_id = r.round_id), 0);

-- An organisation also changes with the day, without an event. So its changes have a number of their own, drawn by
-- whoever holds the position of the stream "auth": what is committed later has a higher one.
CREATE SEQUENCE organisation_change;
ALTER TABLE organisation ADD COLUMN change_number bigint NOT NULL DEFAULT 0;
UPDATE organisation SET change_number = nextval('organisation_change');
CREATE INDEX organisation_changed ON organisation (change_number);
