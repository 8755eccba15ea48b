-- Whoever holds a credential may ask whom it was handed to; it is found by its fingerprint.
SET LOCAL search_path TO ${flyway:defaultSchema}, pg_temp;

-- Immutable: an entry's bytes are UTF-8 whatever the database's own encoding is.
CREATE FUNCTION credential_fingerprint(p_canonical bytea) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT pg_catalog.convert_from(p_canonical, 'UTF8')::pg_catalog.jsonb #>> '{detail,fingerprint}'
$$;

CREATE INDEX ledger_entry_fingerprint ON ledger_entry (credential_fingerprint(canonical))
  WHERE kind = 'sealed' AND request_id IS NOT NULL;
