-- What the functions below mean by a name is theirs to say, not their caller's.
SET LOCAL search_path TO ${flyway:defaultSchema}, pg_temp;

-- Access that is made in a cloud for a grant and must be gone at its end. Written before the cloud is
-- asked; holds all that is needed to remove it, whatever the policies say by then.
CREATE TABLE access_binding (
  id            uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
  -- The first of the requests that extend one another: they share what is made.
  root          text        NOT NULL REFERENCES access_request (id),
  request_id    text        NOT NULL REFERENCES access_request (id),
  issuance      uuid        NOT NULL,
  cloud         text        NOT NULL,
  -- A grant has one binding in each slot; another place in the same slot replaces it.
  slot          text        NOT NULL,
  -- The cloud identity that gets the access, where it can serve one grant at a time only.
  holder        text,
  place         jsonb       NOT NULL CHECK (jsonb_typeof(place) = 'object'),
  state         text        NOT NULL DEFAULT 'recorded' CHECK (state IN ('recorded', 'made', 'removed')),
  recorded_at   timestamptz NOT NULL,
  made_at       timestamptz,
  removed_at    timestamptz,
  replaced_at   timestamptz,
  -- No credential that this access was for lives longer.
  tokens_until  timestamptz,
  -- Whether its removal has begun; nothing is issued over it from then on.
  ending        boolean     NOT NULL DEFAULT false,
  tries         integer     NOT NULL DEFAULT 0,
  next_try      timestamptz,
  claim         uuid,
  claimed_at    timestamptz,
  claimed_until timestamptz,
  last_code     text,
  alarmed_at    timestamptz
);
CREATE INDEX access_binding_open ON access_binding (id) WHERE state <> 'removed';
CREATE INDEX access_binding_slot ON access_binding (root, cloud, slot);
CREATE INDEX access_binding_holder ON access_binding (holder) WHERE holder IS NOT NULL;

-- The grants a binding serves, and until when each at most.
CREATE TABLE access_binding_grant (
  binding    uuid        NOT NULL REFERENCES access_binding (id),
  request_id text        NOT NULL REFERENCES access_request (id),
  ends_at    timestamptz NOT NULL,
  PRIMARY KEY (binding, request_id)
);
CREATE INDEX access_binding_grant_request ON access_binding_grant (request_id);

-- Calls that make a binding and may still be on their way. A removal counts only if it began after
-- the last of them.
CREATE TABLE access_binding_attempt (
  binding  uuid        NOT NULL REFERENCES access_binding (id),
  issuance uuid        NOT NULL,
  until    timestamptz NOT NULL,
  PRIMARY KEY (binding, issuance)
);

-- When a binding must be gone: at the last end of its grants, at once if they were ended early.
CREATE FUNCTION binding_end(p_binding uuid) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
  SELECT least(b.replaced_at, coalesce(
      (SELECT max(CASE WHEN r.state = 'approved' THEN least(g.ends_at, r.grant_ends_at)
          ELSE least(g.ends_at, r.ended_at) END)
        FROM access_binding_grant g JOIN access_request r ON r.id = g.request_id
        WHERE g.binding = b.id),
      b.recorded_at))
    FROM access_binding b WHERE b.id = p_binding
$$;

CREATE FUNCTION binding_entry(p_kind text, p_binding uuid, p_issuance uuid, p_detail jsonb)
RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM append_entry(p_kind, b.request_id, p_issuance, r.role, r.requester_issuer,
      r.requester_subject,
      jsonb_build_object('binding', b.id, 'cloud', b.cloud, 'place', b.place) || p_detail)
    FROM access_binding b JOIN access_request r ON r.id = b.request_id WHERE b.id = p_binding;
END $$;

-- The binding that an issuance needs: the one its grant has, or a new one in the first of p_places
-- whose holder is free. Answers held | busy (with when to come again) | closed | grant_ended |
-- grant_revoked | grant_returned. Unless the binding is made already, the caller makes it, and is
-- done with that within p_attempt_s.
CREATE FUNCTION hold_binding(
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
      SELECT max(CASE WHEN x.state = 'removed' OR x.root <> v_root
            THEN greatest(x.tokens_until, binding_end(x.id))
            ELSE v_now END)
        INTO v_busy
        FROM access_binding x
        WHERE x.holder = p ->> 'holder'
          AND (x.state <> 'removed' OR (x.root <> v_root AND x.tokens_until > v_now));
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

-- The binding is in the cloud, and a credential that lives until p_tokens_until is about to be handed
-- out. Answers held, or closed | grant_ended | grant_revoked | grant_returned: it must not be handed
-- out then, and what was made is removed at once. For p_settle_s the cloud may still forget that it
-- was told to remove what was just made.
CREATE FUNCTION binding_made(
  p_binding uuid, p_issuance uuid, p_request text, p_tokens_until timestamptz,
  p_settle_s double precision
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  r         record;
  b         access_binding;
  v_now     timestamptz;
  v_outcome text;
BEGIN
  SELECT q.state, q.grant_ends_at INTO r FROM access_request q WHERE q.id = p_request FOR SHARE;
  SELECT * INTO b FROM access_binding x WHERE x.id = p_binding FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN 'closed';
  END IF;
  v_now := clock_timestamp();
  UPDATE access_binding_attempt a SET until = v_now + make_interval(secs => p_settle_s)
    WHERE a.binding = p_binding AND a.issuance = p_issuance;
  IF FOUND THEN
    -- Every call that made it counts, not the first only: a removal that began before is not the last.
    UPDATE access_binding SET made_at = v_now WHERE id = p_binding;
  END IF;
  IF b.state <> 'made' THEN
    -- Also when it was thought removed: this call took longer than it said it would.
    UPDATE access_binding SET state = 'made', made_at = v_now WHERE id = p_binding;
    PERFORM binding_entry('binding_made', p_binding, p_issuance, '{}');
  END IF;
  v_outcome := CASE
    WHEN r.state = 'revoked' THEN 'grant_revoked'
    WHEN r.state = 'returned' THEN 'grant_returned'
    WHEN r.state IS DISTINCT FROM 'approved' OR v_now >= r.grant_ends_at
      OR v_now >= (SELECT g.ends_at FROM access_binding_grant g
        WHERE g.binding = p_binding AND g.request_id = p_request) THEN 'grant_ended'
    WHEN b.ending OR b.replaced_at IS NOT NULL OR b.state = 'removed' THEN 'closed'
    ELSE 'held' END;
  IF v_outcome = 'held' THEN
    UPDATE access_binding SET tokens_until = greatest(tokens_until, p_tokens_until)
      WHERE id = p_binding;
  ELSE
    UPDATE access_binding SET next_try = v_now WHERE id = p_binding;
    PERFORM pg_notify('daypass', 'bindings');
  END IF;
  RETURN v_outcome;
END $$;

-- The call that was to make the binding is over, and made nothing.
CREATE FUNCTION binding_not_made(p_binding uuid, p_issuance uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM access_binding_attempt a WHERE a.binding = p_binding AND a.issuance = p_issuance;
END $$;

-- Claims bindings that must go, or must within p_lead_s, for one who will be done within p_lease_s.
-- Nobody else removes them meanwhile.
CREATE FUNCTION claim_bindings(p_limit integer, p_lease_s double precision, p_lead_s double precision)
RETURNS TABLE (binding uuid, claim uuid, request text, role text, cloud text, place jsonb,
  ended_at timestamptz, tries integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  v_now timestamptz := clock_timestamp();
BEGIN
  RETURN QUERY
    WITH due AS (
      SELECT x.id FROM access_binding x
        WHERE x.state <> 'removed'
          AND (x.next_try IS NULL OR x.next_try <= v_now)
          AND (x.claimed_until IS NULL OR x.claimed_until <= v_now)
          AND (x.ending OR binding_end(x.id) <= v_now + make_interval(secs => p_lead_s))
        ORDER BY x.next_try NULLS FIRST, x.recorded_at
        LIMIT p_limit
        FOR NO KEY UPDATE SKIP LOCKED)
    UPDATE access_binding u SET ending = true, tries = u.tries + 1, claim = gen_random_uuid(),
        claimed_at = v_now, claimed_until = v_now + make_interval(secs => p_lease_s)
      FROM due, access_request q
      WHERE u.id = due.id AND q.id = u.request_id
      RETURNING u.id, u.claim, u.request_id, q.role, u.cloud, u.place, binding_end(u.id), u.tries;
END $$;

-- The cloud has it no more. False if it must be looked at again: somebody may have been making it
-- while it was removed, or the claim ran out.
CREATE FUNCTION binding_removed(p_binding uuid, p_claim uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  b      access_binding;
  v_last timestamptz;
BEGIN
  SELECT * INTO b FROM access_binding x WHERE x.id = p_binding FOR NO KEY UPDATE;
  IF NOT FOUND OR b.claim IS DISTINCT FROM p_claim THEN
    RETURN false;
  END IF;
  SELECT max(a.until) INTO v_last FROM access_binding_attempt a
    WHERE a.binding = p_binding AND a.until > b.claimed_at;
  IF v_last IS NOT NULL OR b.made_at > b.claimed_at THEN
    UPDATE access_binding SET claim = NULL, claimed_until = NULL, tries = 0,
        next_try = CASE WHEN next_try > claimed_at THEN next_try
          ELSE coalesce(v_last, clock_timestamp()) END
      WHERE id = p_binding;
    RETURN false;
  END IF;
  DELETE FROM access_binding_attempt a WHERE a.binding = p_binding;
  UPDATE access_binding SET state = 'removed', removed_at = clock_timestamp(), claim = NULL,
      claimed_until = NULL, last_code = NULL
    WHERE id = p_binding;
  PERFORM binding_entry('binding_removed', p_binding, NULL,
    jsonb_build_object('was', b.state, 'tries', b.tries));
  RETURN true;
END $$;

-- It could not be removed; it is tried again after p_pause_s. True if this is the moment to raise the
-- alarm: so many tries, or so long after its end.
CREATE FUNCTION binding_kept(
  p_binding uuid, p_claim uuid, p_code text, p_pause_s double precision, p_alarm_tries integer,
  p_alarm_after_s double precision
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  b       access_binding;
  v_now   timestamptz;
  v_alarm boolean;
BEGIN
  SELECT * INTO b FROM access_binding x WHERE x.id = p_binding FOR NO KEY UPDATE;
  IF NOT FOUND OR b.claim IS DISTINCT FROM p_claim THEN
    RETURN false;
  END IF;
  v_now := clock_timestamp();
  v_alarm := b.alarmed_at IS NULL AND (b.tries >= p_alarm_tries
    OR binding_end(p_binding) + make_interval(secs => p_alarm_after_s) <= v_now);
  UPDATE access_binding SET claim = NULL, claimed_until = NULL, last_code = p_code,
      next_try = v_now + make_interval(secs => p_pause_s),
      alarmed_at = CASE WHEN v_alarm THEN v_now ELSE alarmed_at END
    WHERE id = p_binding;
  IF v_alarm THEN
    PERFORM binding_entry('binding_stuck', p_binding, NULL,
      jsonb_build_object('code', p_code, 'tries', b.tries));
  END IF;
  RETURN v_alarm;
END $$;

GRANT SELECT ON access_binding, access_binding_grant, access_binding_attempt TO ${service_role};
REVOKE EXECUTE ON FUNCTION binding_end(uuid), binding_entry(text, uuid, uuid, jsonb),
  hold_binding(uuid, text, text, text, jsonb, timestamptz, double precision),
  binding_made(uuid, uuid, text, timestamptz, double precision), binding_not_made(uuid, uuid),
  claim_bindings(integer, double precision, double precision), binding_removed(uuid, uuid),
  binding_kept(uuid, uuid, text, double precision, integer, double precision) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION binding_end(uuid),
  hold_binding(uuid, text, text, text, jsonb, timestamptz, double precision),
  binding_made(uuid, uuid, text, timestamptz, double precision), binding_not_made(uuid, uuid),
  claim_bindings(integer, double precision, double precision), binding_removed(uuid, uuid),
  binding_kept(uuid, uuid, text, double precision, integer, double precision) TO ${service_role};
