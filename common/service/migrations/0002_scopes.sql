-- Commands that are carried out together see the territories of all their callers: a list like "74.12.0345.%,74.13.%".
CREATE OR REPLACE FUNCTION vekha_in_scope(path text, scope text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT scope = '*' OR path = scope OR starts_with(path, scope || '.')
       OR path || '.' LIKE ANY (string_to_array(scope, ',')) $$;
