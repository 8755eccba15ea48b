-- What is over, and how little it may cost those who come after.
-- What the functions below mean by a name is theirs to say, not their caller's.
SET LOCAL search_path TO ${flyway:defaultSchema}, pg_temp;

-- What it did; in its turn, of which everybody who gets a binding waits for the end, it looks at no
-- more than is there or is still to be waited for, however much there ever was.
CREATE OR REPLACE FUNCTION hold_binding(
  p_issuance uuid, p_request text, p_cloud text, p_slot text, p_places jsonb, p_ends timestamptz,
  p_attempt_s double precision
) RETURNS TABLE (outcome text, binding uuid, place jsonb, made boolean, free_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
  -- By index, always: a plan of a time when next to nothing was there would read all there ever was.
  SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  v_now  timestamptz;
  v_root text;
  r      record;
  b      access_binding;
  p      jsonb;
  v_busy timestamptz;
BEGIN
  -- One at a time, so that what is looked at below stays so.
  PERFORM pg_advisory_xact_lock(6023, 1);
  -- Not before its turn has come: whoever ends the request would wait for all who came before.
  SELECT q.state, q.grant_ends_at INTO r FROM access_request q WHERE q.id = p_request FOR SHARE;
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
        -- What is there, and what is gone and lives on in tokens: each by an index of few rows.
        SELECT CASE WHEN x.root <> v_root THEN greatest(x.tokens_until, binding_end(x.id))
              ELSE v_now END AS until
          FROM access_binding x
          WHERE x.holder = p ->> 'holder' AND x.state <> 'removed'
        UNION ALL
        SELECT greatest(x.tokens_until, binding_end(x.id))
          FROM access_binding x
          WHERE x.holder = p ->> 'holder' AND x.tokens_until > v_now
            AND x.state = 'removed' AND x.root <> v_root
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

ALTER FUNCTION serves_unbound(text, timestamptz) SET enable_seqscan = off;
ALTER FUNCTION serves_unbound(text, timestamptz) SET enable_bitmapscan = off;
-- It runs every second, on every replica.
ALTER FUNCTION claim_bindings(integer, double precision, double precision) SET enable_seqscan = off;
ALTER FUNCTION claim_bindings(integer, double precision, double precision) SET enable_bitmapscan = off;
ALTER FUNCTION claim_bindings(integer, double precision, double precision) SET enable_hashjoin = off;
ALTER FUNCTION claim_bindings(integer, double precision, double precision) SET enable_mergejoin = off;

-- What it did, and removes old ones: a checkpoint only says something about the ledger, which can be
-- said anew, and the newest alone is gone on from. 1,800 are kept: an hour's where one follows the other.
CREATE OR REPLACE FUNCTION keep_checkpoint(
  p_sequence bigint, p_through bigint, p_origin text, p_size bigint, p_root text, p_edge text,
  p_signed text
) RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
  -- By its sequence, always.
  SET enable_seqscan = off SET enable_bitmapscan = off
  SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  v_newest ledger_checkpoint;
  v_now    timestamptz;
BEGIN
  -- One at a time; those who only read wait for nobody.
  PERFORM pg_advisory_xact_lock(6021, 4);
  SELECT * INTO v_newest FROM ledger_checkpoint c ORDER BY c.sequence DESC LIMIT 1;
  IF coalesce(v_newest.sequence, 0) <> p_sequence - 1 THEN
    RETURN NULL;
  END IF;
  IF p_size < v_newest.size OR p_through < v_newest.through THEN
    RAISE EXCEPTION 'a ledger does not become shorter';
  END IF;
  v_now := clock_timestamp();
  INSERT INTO ledger_checkpoint
    VALUES (p_sequence, p_through, p_origin, p_size, p_root, p_edge, p_signed, v_now);
  -- So many at a time: what an older version left is gone after a while, and no call takes long.
  DELETE FROM ledger_checkpoint c WHERE c.sequence IN (
    SELECT x.sequence FROM ledger_checkpoint x
      WHERE x.sequence <= p_sequence - 1800 ORDER BY x.sequence LIMIT 100);
  RETURN v_now;
END $$;

-- What it did; the newest checkpoint goes furthest, for none that is shorter is kept.
CREATE OR REPLACE FUNCTION ledger_settled() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  v_drawn   bigint;
  v_drawing text[];
BEGIN
  SELECT CASE WHEN n.is_called THEN n.last_value ELSE 0 END INTO v_drawn FROM ledger_number n;
  v_drawing := ARRAY(SELECT l.virtualtransaction FROM pg_locks l
    WHERE l.locktype = 'relation' AND l.relation = 'ledger_number'::regclass
      AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
      AND l.mode = 'RowExclusiveLock');
  FOR turn IN 1..50 LOOP
    IF NOT EXISTS (SELECT FROM pg_locks l
        WHERE l.locktype = 'relation' AND l.relation = 'ledger_number'::regclass
          AND l.virtualtransaction = ANY (v_drawing)) THEN
      RETURN v_drawn;
    END IF;
    PERFORM pg_sleep(0.01);
  END LOOP;
  RETURN coalesce(
    (SELECT c.through FROM ledger_checkpoint c ORDER BY c.sequence DESC LIMIT 1), 0);
END $$;

-- Forgets notices that were told, or given up, and are p_keep_s old, so many at most; how many.
CREATE FUNCTION forget_told(p_keep_s double precision, p_limit integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  v_forgotten integer;
BEGIN
  DELETE FROM notice n WHERE n.id IN (
    SELECT x.id FROM notice x
      WHERE x.at <= clock_timestamp() - make_interval(secs => p_keep_s) AND x.spread_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM notice_delivery d WHERE d.notice = x.id AND d.state = 'waiting')
      ORDER BY x.at LIMIT p_limit);
  GET DIAGNOSTICS v_forgotten = ROW_COUNT;
  RETURN v_forgotten;
END $$;

-- What it did.
CREATE OR REPLACE FUNCTION forget_notices(p_patience_s double precision, p_keep_s double precision)
RETURNS SETOF text LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  v_now timestamptz := clock_timestamp();
BEGIN
  RETURN QUERY
    UPDATE notice_delivery d SET state = 'given_up', done_at = v_now, claim = NULL,
        last_code = coalesce(d.last_code, 'no_such_channel')
      WHERE d.state = 'waiting' AND d.next_try <= v_now - interval '1 hour'
        AND (SELECT n.at FROM notice n WHERE n.id = d.notice)
          <= v_now - make_interval(secs => p_patience_s)
      RETURNING d.channel;
  PERFORM forget_told(p_keep_s, 1000);
END $$;

REVOKE EXECUTE ON FUNCTION forget_told(double precision, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_told(double precision, integer) TO ${service_role};

-- access_binding_held and access_binding_tokens are looked into instead. Last, for it locks the table.
DROP INDEX access_binding_holder;
