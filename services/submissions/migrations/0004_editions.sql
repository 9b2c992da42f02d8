-- The year that a version of a programme is an edition for; programmes loaded before 0003 say whether they stand on an act.
ALTER TABLE programme_version ADD COLUMN year integer NOT NULL DEFAULT 0;

-- Whether field `wanted` occurs in the packed message: its fields one after the other, as protobuf writes them.
CREATE FUNCTION pg_temp.has_field(packed bytea, wanted bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    at integer := 0;
    -- 0: the number of the next field, 1: a figure that is skipped, 2: how many bytes are skipped.
    reads integer := 0;
    figure bigint := 0;
    shift integer := 0;
    octet integer;
BEGIN
    WHILE at < length(packed) LOOP
        octet := get_byte(packed, at);
        at := at + 1;
        figure := figure | ((octet & 127)::bigint << shift);
        shift := shift + 7;
        CONTINUE WHEN octet >= 128;
        IF reads = 0 THEN
            IF figure >> 3 = wanted THEN
                RETURN true;
            END IF;
            CASE figure & 7
                WHEN 0 THEN reads := 1;
                WHEN 1 THEN at := at + 8;
                WHEN 2 THEN reads := 2;
                ELSE at := at + 4;
            END CASE;
        ELSE
            IF reads = 2 THEN
                at := at + figure::integer;
            END IF;
            reads := 0;
        END IF;
        figure := 0;
        shift := 0;
    END LOOP;
    RETURN false;
END $$;

-- 10: LoadProgrammeRequest.document.
UPDATE programme p SET has_document = true
  FROM programme_version v
 WHERE v.programme_id = p.programme_id AND v.version = p.version AND NOT p.has_document
   AND pg_temp.has_field(v.file, 10);
