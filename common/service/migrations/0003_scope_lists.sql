-- The list of 0002 without patterns, ",74.12.0345,74.13,": a respondent's own path is found by one look into the text.
CREATE OR REPLACE FUNCTION vekha_in_scope(path text, scope text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT scope = '*' OR path = scope OR starts_with(path, scope || '.') OR strpos(scope, ',' || path || ',') > 0
       OR path LIKE ANY (string_to_array(replace(scope, ',', '.%,'), ',')) $$;
