-- What a machine continues over and over ends in one go. Each continuation was ended within the end of
-- the one before, which looked for all that follow anew: some 500 of them were more than a stack holds.
-- What the function below means by a name is its to say, not its caller's.
SET LOCAL search_path TO ${flyway:defaultSchema}, pg_temp;

-- What it did: an early end of a request and of what extends it. Answers done | already_decided |
-- already_ended | not_approved | not_found.
CREATE OR REPLACE FUNCTION end_request(
  p_request text, p_to text, p_issuer text, p_subject text, p_by text, p_reason text
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
  -- By index, always, and planned for what is there: each step from one to the next would read all
  -- requests. The steps below are in subqueries of their own, or they would be joined the other way round.
  SET plan_cache_mode = force_custom_plan SET enable_seqscan = off SET enable_bitmapscan = off
  SET enable_material = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  v_first   text := p_request;
  v_before  text;
  v_links   text[];
  v_held    text[];
  v_now     timestamptz;
  v_to      text;
  v_outcome text;
  f         access_request;
  r         access_request;
BEGIN
  IF p_to NOT IN ('cancelled', 'returned', 'revoked') THEN
    RAISE EXCEPTION 'not an end: %', p_to;
  END IF;
  WHILE p_to <> 'cancelled' LOOP
    -- A machine's continuation and what it continues are one access: whoever ends one ends both.
    SELECT q.extends_request INTO v_before
      FROM access_request q JOIN access_request c ON c.id = q.extends_request
      WHERE q.id = v_first AND q.token_key IS NOT NULL AND c.token_key = q.token_key
        AND c.state = 'approved' AND c.grant_ends_at > clock_timestamp();
    EXIT WHEN NOT FOUND;
    v_first := v_before;
  END LOOP;

  -- All that goes along, the first one first. Whoever extends one of these holds it until their commit:
  -- once all are held, none comes any more, and whatever came before that is found by looking again.
  LOOP
    v_links := ARRAY(
      WITH RECURSIVE going AS (
        SELECT v_first AS id, 1 AS place
        UNION ALL
        SELECT x.id, g.place + 1 FROM going g CROSS JOIN LATERAL (
            -- What ended by itself may be continued by something that has not. What people ended took
            -- along what extended it.
            SELECT e.id FROM access_request e
              WHERE e.extends_request = g.id AND e.state IN ('pending', 'approved') OFFSET 0) x
          WHERE p_to <> 'cancelled')
      SELECT g.id FROM going g ORDER BY g.place, g.id);
    EXIT WHEN v_links = v_held;
    -- In the order of those who issue, so that nobody waits for somebody who waits for them.
    PERFORM FROM access_request q WHERE q.id = ANY (v_links) ORDER BY q.id FOR NO KEY UPDATE;
    v_held := v_links;
  END LOOP;

  SELECT * INTO f FROM access_request q WHERE q.id = v_first;
  IF NOT FOUND THEN
    RETURN 'not_found';
  END IF;
  v_now := clock_timestamp();
  IF p_to = 'cancelled' AND (f.state <> 'pending' OR f.lapses_at <= v_now) THEN
    RETURN 'already_decided';
  ELSIF p_to = 'returned' AND f.state = 'pending' AND f.lapses_at > v_now THEN
    RETURN 'not_approved';
  END IF;
  v_outcome := 'already_ended';
  FOR r IN SELECT q.*
      FROM unnest(v_links) WITH ORDINALITY AS l (id, place) CROSS JOIN LATERAL (
        SELECT * FROM access_request e WHERE e.id = l.id OFFSET 0) q
      WHERE CASE q.state WHEN 'pending' THEN q.lapses_at > v_now
        WHEN 'approved' THEN q.grant_ends_at > v_now END
      ORDER BY l.place
  LOOP
    v_outcome := 'done';
    -- Whoever gives back takes back what waits.
    v_to := CASE WHEN p_to = 'returned' AND r.state = 'pending' THEN 'cancelled' ELSE p_to END;
    UPDATE access_request q SET version = q.version + 1, state = v_to, ended_at = v_now,
        ended_by = p_by, ended_reason = p_reason
      WHERE q.id = r.id;
    PERFORM append_entry(v_to, r.id, NULL, r.role, p_issuer, p_subject,
      jsonb_build_object('reason', p_reason, 'grant_ends_at', r.grant_ends_at));
    PERFORM pg_notify('daypass', 'request ' || r.id);
    IF r.state = 'approved' THEN
      PERFORM ask_cuts(r.id,
        r.requester_issuer = p_issuer AND r.requester_subject = p_subject, r.grant_ends_at);
    END IF;
  END LOOP;
  IF v_outcome = 'already_ended' AND p_to = 'revoked'
      AND (f.requester_issuer, f.requester_subject) IS DISTINCT FROM (p_issuer, p_subject) THEN
    -- Whoever has it revoked now means what is left of it, whoever ended it before.
    WITH meant AS (
      UPDATE session_cut c SET own = false
        WHERE c.request_id = f.id AND c.own AND c.until > clock_timestamp()
        RETURNING c.cloud, c.place)
    UPDATE cut_place p SET next_try = NULL FROM meant m
      WHERE p.cloud = m.cloud AND p.place = m.place;
  END IF;
  RETURN v_outcome;
END $$;
COMMENT ON FUNCTION end_request_alone(text, text, text, text, text, text)
  IS 'Only for an end that was under way when end_request became what it is.';
