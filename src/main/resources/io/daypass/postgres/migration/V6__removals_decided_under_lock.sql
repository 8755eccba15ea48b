-- Whether a binding must go is decided with its row locked: whoever extends it holds that lock until
-- the extension is committed, so the decision sees it or comes first.
SET LOCAL search_path TO ${flyway:defaultSchema}, pg_temp;

CREATE OR REPLACE FUNCTION claim_bindings(p_limit integer, p_lease_s double precision, p_lead_s double precision)
RETURNS TABLE (binding uuid, claim uuid, request text, role text, cloud text, place jsonb,
  ended_at timestamptz, tries integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  v_now timestamptz := clock_timestamp();
  v_due uuid[];
BEGIN
  SELECT array_agg(d.id) INTO v_due FROM (
    SELECT x.id FROM access_binding x
      WHERE x.state <> 'removed'
        AND (x.next_try IS NULL OR x.next_try <= v_now)
        AND (x.claimed_until IS NULL OR x.claimed_until <= v_now)
        AND (x.ending OR binding_end(x.id) <= v_now + make_interval(secs => p_lead_s))
      ORDER BY x.next_try NULLS FIRST, x.recorded_at
      LIMIT p_limit
      FOR NO KEY UPDATE SKIP LOCKED) d;
  -- A statement of its own, whose snapshot is newer than the locks: what was found due before may
  -- serve one more grant by now.
  RETURN QUERY
    UPDATE access_binding u SET ending = true, tries = u.tries + 1, claim = gen_random_uuid(),
        claimed_at = v_now, claimed_until = v_now + make_interval(secs => p_lease_s)
      FROM access_request q
      WHERE u.id = ANY (v_due) AND q.id = u.request_id
        AND (u.ending OR binding_end(u.id) <= v_now + make_interval(secs => p_lead_s))
      RETURNING u.id, u.claim, u.request_id, q.role, u.cloud, u.place, binding_end(u.id), u.tries;
END $$;
