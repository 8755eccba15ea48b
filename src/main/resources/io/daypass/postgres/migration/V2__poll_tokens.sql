-- What the functions below mean by a name is theirs to say, not their caller's.
SET LOCAL search_path TO ${flyway:defaultSchema}, pg_temp;

-- Poll tokens: what a workload carries a waiting request on with. Only digests are kept.
CREATE TABLE poll_token (
  sha256     text        PRIMARY KEY CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  request_id text        NOT NULL REFERENCES access_request (id),
  made_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX poll_token_request ON poll_token (request_id);

-- Opens a request with a poll token: both, or neither. Answers as open_request does.
CREATE FUNCTION open_polled_request(p jsonb, p_sha256 text)
RETURNS TABLE (outcome text, request text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  SELECT o.outcome, o.request INTO outcome, request FROM open_request(p) o;
  IF outcome = 'made' THEN
    INSERT INTO poll_token (sha256, request_id) VALUES (p_sha256, request);
  END IF;
  RETURN NEXT;
END $$;

-- One more for a request that waits; so many at most, so that nobody fills the table by asking.
CREATE FUNCTION add_poll_token(p_request text, p_sha256 text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  -- Shared, as those who issue do: a decision waits for it, or is seen.
  PERFORM 1 FROM access_request r
    WHERE r.id = p_request AND r.state = 'pending' AND r.lapses_at > clock_timestamp() FOR SHARE;
  IF NOT FOUND OR (SELECT count(*) FROM poll_token t WHERE t.request_id = p_request) >= 32 THEN
    RETURN false;
  END IF;
  INSERT INTO poll_token (sha256, request_id) VALUES (p_sha256, p_request);
  RETURN true;
END $$;

GRANT SELECT, DELETE ON poll_token TO ${service_role};
REVOKE EXECUTE ON FUNCTION open_polled_request(jsonb, text), add_poll_token(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_polled_request(jsonb, text), add_poll_token(text, text) TO ${service_role};
