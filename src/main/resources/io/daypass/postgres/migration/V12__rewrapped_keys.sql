-- The signing keys under another master key.
-- What the function below means by a name is its to say, not its caller's.
SET LOCAL search_path TO ${flyway:defaultSchema}, pg_temp;

-- Puts keys in the place of the same ones as they were: all, or none and false if one of them is not
-- as it was. Not for the service's role: with this, whoever speaks in its name could take away all
-- keys.
CREATE FUNCTION rewrap_signing_keys(p_ids text[], p_was text[], p_wrapped text[]) RETURNS boolean
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  -- As add_signing_key: no key comes or changes meanwhile.
  PERFORM pg_advisory_xact_lock(6021, 3);
  IF EXISTS (
      SELECT FROM unnest(p_ids, p_was, p_wrapped) AS w (id, was, wrapped)
        LEFT JOIN signing_key k ON k.id = w.id AND k.wrapped = w.was
        WHERE k.id IS NULL OR w.wrapped IS NULL) THEN
    RETURN false;
  END IF;
  UPDATE signing_key k SET wrapped = w.wrapped
    FROM unnest(p_ids, p_wrapped) AS w (id, wrapped) WHERE k.id = w.id;
  PERFORM append_entry('keys_rewrapped', NULL, NULL, NULL, NULL, NULL,
    jsonb_build_object('kids', to_jsonb(p_ids)));
  PERFORM pg_notify('daypass', 'keys');
  RETURN true;
END $$;
REVOKE EXECUTE ON FUNCTION rewrap_signing_keys(text[], text[], text[]) FROM PUBLIC;
