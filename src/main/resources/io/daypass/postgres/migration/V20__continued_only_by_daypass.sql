-- What may be opened again near its end, and how long an extension keeps access before it is used.
-- What the functions below mean by a name is theirs to say, not their caller's.
SET LOCAL search_path TO ${flyway:defaultSchema}, pg_temp;

-- What it did, but a token is let go for a continuation only, which begins at once and which nobody
-- asked for by a key of theirs. An extension that is asked for begins at the end: with it the token
-- had lost what it still had. And whatever does not open leaves the token bound.
CREATE OR REPLACE FUNCTION open_request(p jsonb) RETURNS TABLE (outcome text, request text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  v_extended access_request;
  v_let_go   boolean := false;
BEGIN
  PERFORM set_config('daypass.policies', p ->> 'policy_digest', true);
  IF p ->> 'extends' IS NOT NULL THEN
    SELECT * INTO v_extended FROM access_request q
      WHERE q.id = p ->> 'extends' AND q.state = 'approved' AND q.grant_ends_at > clock_timestamp()
      FOR SHARE;
    IF NOT FOUND THEN
      outcome := 'nothing_to_extend';
      RETURN NEXT;
      RETURN;
    END IF;
    IF (p ->> 'automatic')::boolean AND p ->> 'token_key' IS NOT NULL
        AND p ->> 'starts_at' IS NULL AND p ->> 'idempotency_key' IS NULL THEN
      -- Of two who do this at once the second waits here, and finds the token bound to the first's.
      DELETE FROM seen_token t
        WHERE t.token_key = p ->> 'token_key' AND t.scope = p ->> 'role' AND t.request_id = v_extended.id
          AND v_extended.requester_issuer = p #>> '{requester,issuer}'
          AND v_extended.requester_subject = p #>> '{requester,subject}'
          -- The last quarter of an hour, of short ones the last half; replicas' clocks are a little off.
          AND v_extended.grant_ends_at <= clock_timestamp() + interval '5 seconds'
            + least(interval '16 minutes', (v_extended.grant_ends_at - v_extended.grant_starts_at) / 2);
      v_let_go := FOUND;
    END IF;
  END IF;
  SELECT o.outcome, o.request INTO outcome, request FROM open_request_alone(p) o;
  IF v_let_go AND outcome <> 'made' THEN
    RAISE EXCEPTION 'a token was let go for what did not open: %', outcome;
  END IF;
  RETURN NEXT;
END $$;

-- When a binding must be gone: at the last end of its grants, at once if they were ended early. What
-- extends them without a gap keeps it for five minutes more at most, in which whoever still needs it
-- asks: that is judged by the policies of then, and the extension is one of its grants from then on.
CREATE OR REPLACE FUNCTION binding_end(p_binding uuid) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path FROM CURRENT
  -- By index, always: without statistics all requests would be read, for each binding.
  SET enable_seqscan = off SET enable_bitmapscan = off
  SET enable_hashjoin = off SET enable_mergejoin = off AS $$
  WITH granted AS (
    SELECT g.request_id, CASE WHEN r.state = 'approved' THEN least(g.ends_at, r.grant_ends_at)
        ELSE least(g.ends_at, r.ended_at) END AS ends_at
      FROM access_binding_grant g JOIN access_request r ON r.id = g.request_id
      WHERE g.binding = p_binding
  ), extending AS (
    SELECT least(x.grant_ends_at, s.ends_at + interval '5 minutes') AS ends_at
      FROM granted s JOIN access_request x ON x.extends_request = s.request_id
      WHERE x.state = 'approved' AND x.grant_starts_at <= s.ends_at
        -- Of those that it serves already the policies may have given less.
        AND NOT EXISTS (SELECT FROM access_binding_grant g
          WHERE g.binding = p_binding AND g.request_id = x.id)
  ), serves AS (
    SELECT s.ends_at FROM granted s UNION ALL SELECT x.ends_at FROM extending x
  )
  SELECT least(b.replaced_at, coalesce((SELECT max(s.ends_at) FROM serves s), b.recorded_at))
    FROM access_binding b WHERE b.id = p_binding
$$;
