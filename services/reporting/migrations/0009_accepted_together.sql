-- What many accepted values tell the cells of other rounds, in one statement instead of one for each of them.

DROP TRIGGER tell_cells ON history;
CREATE OR REPLACE FUNCTION tell_cells_of_accepted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH earliest AS (
        SELECT organisation_id, item_id, min(at) AS at FROM added WHERE state = 'accepted' GROUP BY organisation_id, item_id
    ), told AS (
        UPDATE cell c SET known_since = e.at
          FROM earliest e
         WHERE c.organisation_id = e.organisation_id AND c.item_id = e.item_id
           AND (c.known_since IS NULL OR c.known_since > e.at)
        RETURNING c.round_id, c.organisation_id, c.known_since
    )
    UPDATE counter k SET known_since = t.known_since
      FROM (SELECT round_id, organisation_id, min(known_since) AS known_since FROM told GROUP BY round_id, organisation_id) t
     WHERE k.round_id = t.round_id AND k.organisation_id = t.organisation_id
       AND (k.known_since IS NULL OR k.known_since > t.known_since);
    RETURN NULL;
END
$$;
CREATE TRIGGER tell_cells AFTER INSERT ON history REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION tell_cells_of_accepted();
