-- A token is its cloud identity's, not its grant's. So an identity whose tokens were handed out while
-- nothing was made for their grants, as the policies of then wanted it, gets no binding until those
-- tokens are dead: they could do what it gives.
SET LOCAL search_path TO ${flyway:defaultSchema}, pg_temp;

-- A row for each identity that ever served so: as many as policies have named.
CREATE TABLE unbound_identity (
  -- As access_binding has it.
  holder       text        PRIMARY KEY,
  tokens_until timestamptz NOT NULL
);

-- Tokens of p_holder are about to be handed out that live until p_tokens_until at most, and nothing is
-- made for their grants. False if something may be there that was made for another: they must not be
-- handed out then.
CREATE FUNCTION serves_unbound(p_holder text, p_tokens_until timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  -- The lock of those who get a binding: they see what is written here, or come first and are seen.
  PERFORM pg_advisory_xact_lock(6023, 1);
  IF EXISTS (SELECT FROM access_binding x WHERE x.holder = p_holder AND x.state <> 'removed') THEN
    RETURN false;
  END IF;
  INSERT INTO unbound_identity AS u (holder, tokens_until) VALUES (p_holder, p_tokens_until)
    ON CONFLICT (holder)
    DO UPDATE SET tokens_until = greatest(u.tokens_until, excluded.tokens_until);
  RETURN true;
END $$;

-- What it did, with one more reason why an identity is not free.
CREATE OR REPLACE FUNCTION hold_binding(
  p_issuance uuid, p_request text, p_cloud text, p_slot text, p_places jsonb, p_ends timestamptz,
  p_attempt_s double precision
) RETURNS TABLE (outcome text, binding uuid, place jsonb, made boolean, free_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  v_now  timestamptz;
  v_root text;
  r      record;
  b      access_binding;
  p      jsonb;
  v_busy timestamptz;
BEGIN
  SELECT q.state, q.grant_ends_at INTO r FROM access_request q WHERE q.id = p_request FOR SHARE;
  -- One at a time, so that what is looked at below stays so.
  PERFORM pg_advisory_xact_lock(6023, 1);
  v_now := clock_timestamp();
  outcome := CASE
    WHEN NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.issuance = p_issuance
      AND e.kind = 'intent' AND e.request_id = p_request) THEN 'closed'
    WHEN r.state = 'revoked' THEN 'grant_revoked'
    WHEN r.state = 'returned' THEN 'grant_returned'
    WHEN r.state IS DISTINCT FROM 'approved' OR v_now >= least(r.grant_ends_at, p_ends)
      THEN 'grant_ended'
    ELSE 'held' END;
  IF outcome <> 'held' THEN
    RETURN NEXT;
    RETURN;
  END IF;
  WITH RECURSIVE up AS (
    SELECT q.id, q.extends_request FROM access_request q WHERE q.id = p_request
    UNION ALL
    SELECT q.id, q.extends_request FROM access_request q JOIN up ON q.id = up.extends_request)
  SELECT up.id INTO v_root FROM up WHERE up.extends_request IS NULL;

  SELECT * INTO b FROM access_binding x
    WHERE x.root = v_root AND x.cloud = p_cloud AND x.slot = p_slot
      AND x.state <> 'removed' AND NOT x.ending AND x.replaced_at IS NULL
      AND EXISTS (SELECT 1 FROM jsonb_array_elements(p_places) c
        WHERE c -> 'place' = x.place AND c ->> 'holder' IS NOT DISTINCT FROM x.holder)
    FOR NO KEY UPDATE;
  -- What the policies no longer mean by this role does not stay beside what they mean now.
  UPDATE access_binding x SET replaced_at = v_now
    WHERE x.root = v_root AND x.cloud = p_cloud AND x.slot = p_slot
      AND x.state <> 'removed' AND x.replaced_at IS NULL AND x.id IS DISTINCT FROM b.id
      AND NOT x.ending;
  IF FOUND THEN
    PERFORM pg_notify('daypass', 'bindings');
  END IF;

  IF b.id IS NULL THEN
    FOR p IN SELECT c FROM jsonb_array_elements(p_places) c LOOP
      SELECT max(t.until) INTO v_busy FROM (
        SELECT CASE WHEN x.state = 'removed' OR x.root <> v_root
              THEN greatest(x.tokens_until, binding_end(x.id))
              ELSE v_now END AS until
          FROM access_binding x
          WHERE x.holder = p ->> 'holder'
            AND (x.state <> 'removed' OR (x.root <> v_root AND x.tokens_until > v_now))
        UNION ALL
        SELECT u.tokens_until FROM unbound_identity u
          WHERE u.holder = p ->> 'holder' AND u.tokens_until > v_now) t;
      IF v_busy IS NULL THEN
        INSERT INTO access_binding (root, request_id, issuance, cloud, slot, holder, place, recorded_at)
          VALUES (v_root, p_request, p_issuance, p_cloud, p_slot, p ->> 'holder', p -> 'place', v_now)
          RETURNING * INTO b;
        PERFORM binding_entry('binding_intended', b.id, p_issuance,
          jsonb_build_object('ends_at', least(p_ends, r.grant_ends_at)));
        EXIT;
      END IF;
      free_at := least(free_at, v_busy);
    END LOOP;
  END IF;
  IF b.id IS NULL THEN
    outcome := 'busy';
    free_at := greatest(free_at, v_now + interval '2 seconds');
    RETURN NEXT;
    RETURN;
  END IF;

  INSERT INTO access_binding_grant AS g (binding, request_id, ends_at)
    VALUES (b.id, p_request, p_ends)
    ON CONFLICT ON CONSTRAINT access_binding_grant_pkey
    DO UPDATE SET ends_at = greatest(g.ends_at, excluded.ends_at);
  IF b.state <> 'made' THEN
    INSERT INTO access_binding_attempt (binding, issuance, until)
      VALUES (b.id, p_issuance, v_now + make_interval(secs => p_attempt_s));
  END IF;
  binding := b.id;
  place := b.place;
  made := b.state = 'made';
  free_at := NULL;
  RETURN NEXT;
END $$;

GRANT SELECT ON unbound_identity TO ${service_role};
REVOKE EXECUTE ON FUNCTION serves_unbound(text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION serves_unbound(text, timestamptz) TO ${service_role};
