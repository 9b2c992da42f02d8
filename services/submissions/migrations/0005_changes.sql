-- What tells whether an answer that somebody has read before still holds (CheckTags), without making it again: numbers
-- that only grow, one of them with every change of anything that the cabinet shows.

-- Rows of an organisation: their acts say so themselves, and how many there are; see changed_besides below. What was
-- accepted last is replaced without an act of its own.
ALTER TABLE accepted ADD COLUMN replaced integer NOT NULL DEFAULT 0;
CREATE FUNCTION count_replaced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.replaced := OLD.replaced + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER replaced BEFORE UPDATE ON accepted FOR EACH ROW EXECUTE FUNCTION count_replaced();

-- What rounds ask and how it is worded, and whatever else changes seldom: one number for all, their sum. Each connection
-- counts in a row of its own, so that nobody waits for another's commit.
CREATE TABLE change (
    place integer PRIMARY KEY,
    changes bigint NOT NULL
);
CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Once per transaction.
    IF current_setting('vekha.change', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        INSERT INTO change AS c (place, changes) VALUES (pg_backend_pid() % 128, 1)
            ON CONFLICT (place) DO UPDATE SET changes = c.changes + 1;
        PERFORM set_config('vekha.change', pg_current_xact_id()::text, true);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON section EXECUTE FUNCTION count_change();
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON item EXECUTE FUNCTION count_change();
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON item_text EXECUTE FUNCTION count_change();
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON round EXECUTE FUNCTION count_change();
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON round_item EXECUTE FUNCTION count_change();

-- An assignment that changes without an act: its date, its territory. Nothing else may wait here: a save passes by.
CREATE TRIGGER changed_besides AFTER UPDATE ON assignment FOR EACH ROW WHEN (NEW.acts <= OLD.acts)
    EXECUTE FUNCTION count_change();
CREATE TRIGGER changed_gone AFTER DELETE OR TRUNCATE ON assignment EXECUTE FUNCTION count_change();
CREATE TRIGGER changed_gone AFTER DELETE OR TRUNCATE ON accepted EXECUTE FUNCTION count_change();
