-- A revocation ends what extends the grant, too: also what is being opened at that moment.
-- What the function below means by a name is its to say, not its caller's.
SET LOCAL search_path TO ${flyway:defaultSchema}, pg_temp;

-- What open_request does. What is extended is held, as those who issue hold it: whoever ends it waits
-- and finds the extension, or is seen here. Answers nothing_to_extend where it was ended before.
ALTER FUNCTION open_request(jsonb) RENAME TO open_request_alone;
CREATE FUNCTION open_request(p jsonb) RETURNS TABLE (outcome text, request text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  IF p ->> 'extends' IS NOT NULL THEN
    PERFORM FROM access_request q
      WHERE q.id = p ->> 'extends' AND q.state = 'approved' AND q.grant_ends_at > clock_timestamp()
      FOR SHARE;
    IF NOT FOUND THEN
      outcome := 'nothing_to_extend';
      RETURN NEXT;
      RETURN;
    END IF;
  END IF;
  RETURN QUERY SELECT o.outcome, o.request FROM open_request_alone(p) o;
END $$;

REVOKE EXECUTE ON FUNCTION open_request(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_request(jsonb) TO ${service_role};
