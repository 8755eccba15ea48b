-- Grants of machines that are continued before they end, ends that also reach what is left of an
-- access, pages of the ledger without holes, and the policies in force in every entry.
-- What the functions below mean by a name is theirs to say, not their caller's.
SET LOCAL search_path TO ${flyway:defaultSchema}, pg_temp;

-- What it did, and names the policies that were in force: what the statement that writes says of
-- them (a setting of its own), where the entry itself says nothing.
CREATE OR REPLACE FUNCTION append_entry(
  p_kind text, p_request text, p_issuance uuid, p_role text,
  p_issuer text, p_subject text, p_detail jsonb
) RETURNS timestamptz LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  v_number    bigint := nextval('ledger_number');
  v_at        timestamptz := clock_timestamp();
  v_canonical bytea := entry_bytes(v_number, v_at, p_kind, p_request, p_issuance, p_role, p_issuer,
    p_subject, jsonb_build_object('policies', nullif(current_setting('daypass.policies', true), ''))
      || coalesce(p_detail, '{}'));
BEGIN
  INSERT INTO ledger_entry VALUES (v_number, v_at, p_kind, p_request, p_issuance, p_role,
    p_issuer, p_subject, v_canonical, sha256(v_canonical));
  RETURN v_at;
END $$;

-- What it did. A reusable token may also open again what its rule gives at once and what is about to
-- end, as a continuation of it: whoever ends what is continued ends both.
CREATE OR REPLACE FUNCTION open_request(p jsonb) RETURNS TABLE (outcome text, request text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  v_extended access_request;
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
    IF (p ->> 'automatic')::boolean AND p ->> 'token_key' IS NOT NULL THEN
      -- Of two who do this at once the second waits here, and finds the token bound to the first's.
      DELETE FROM seen_token t
        WHERE t.token_key = p ->> 'token_key' AND t.scope = p ->> 'role' AND t.request_id = v_extended.id
          AND v_extended.requester_issuer = p #>> '{requester,issuer}'
          AND v_extended.requester_subject = p #>> '{requester,subject}'
          -- The last quarter of an hour, of short ones the last half; replicas' clocks are a little off.
          AND v_extended.grant_ends_at <= clock_timestamp() + interval '5 seconds'
            + least(interval '16 minutes', (v_extended.grant_ends_at - v_extended.grant_starts_at) / 2);
    END IF;
  END IF;
  RETURN QUERY SELECT o.outcome, o.request FROM open_request_alone(p) o;
END $$;

-- What it did, and:
-- What ended by itself may be continued by something that has not: whoever ends it then means that.
-- A machine's continuation and what it continues are one access: whoever ends one ends both.
CREATE OR REPLACE FUNCTION end_request(
  p_request text, p_to text, p_issuer text, p_subject text, p_by text, p_reason text
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  r           access_request;
  v_continued text;
  v_outcome   text;
  v_now_over  boolean;
BEGIN
  IF p_to IN ('revoked', 'returned') THEN
    SELECT q.extends_request INTO v_continued
      FROM access_request q JOIN access_request c ON c.id = q.extends_request
      WHERE q.id = p_request AND q.token_key IS NOT NULL AND c.token_key = q.token_key
        AND c.state = 'approved' AND c.grant_ends_at > clock_timestamp();
    IF FOUND THEN
      RETURN end_request(v_continued, p_to, p_issuer, p_subject, p_by, p_reason);
    END IF;
  END IF;
  PERFORM FROM access_request q WHERE q.id IN (
      WITH RECURSIVE going AS (
        SELECT p_request AS id
        UNION
        SELECT x.id FROM access_request x JOIN going g ON x.extends_request = g.id
          WHERE p_to IN ('revoked', 'returned'))
      SELECT id FROM going)
    ORDER BY q.id FOR NO KEY UPDATE;
  SELECT * INTO r FROM access_request q WHERE q.id = p_request;
  -- What extends it comes by here by itself where it is revoked.
  v_outcome := end_request_alone(p_request, p_to, p_issuer, p_subject, p_by, p_reason);
  v_now_over := v_outcome = 'done' AND r.state = 'approved';
  IF (v_outcome = 'done' AND p_to = 'returned')
      OR (v_outcome = 'already_ended' AND p_to IN ('revoked', 'returned')) THEN
    IF 'done' = ANY (ARRAY(
        SELECT end_request(x.id,
            CASE WHEN p_to = 'returned' AND x.state = 'pending' THEN 'cancelled' ELSE p_to END,
            p_issuer, p_subject, p_by, p_reason)
          -- Held before it is told how: one that was opened meanwhile may just be being approved.
          FROM (SELECT q.id, q.state FROM access_request q
            WHERE q.extends_request = p_request AND q.state IN ('pending', 'approved')
            ORDER BY q.id FOR NO KEY UPDATE) x)) THEN
      v_outcome := 'done';
    END IF;
  END IF;
  IF v_now_over THEN
    PERFORM ask_cuts(p_request,
      r.requester_issuer = p_issuer AND r.requester_subject = p_subject, r.grant_ends_at);
  ELSIF v_outcome = 'already_ended' AND p_to = 'revoked'
      AND (r.requester_issuer, r.requester_subject) IS DISTINCT FROM (p_issuer, p_subject) THEN
    -- Whoever has it revoked now means what is left of it, whoever ended it before.
    WITH meant AS (
      UPDATE session_cut c SET own = false
        WHERE c.request_id = p_request AND c.own AND c.until > clock_timestamp()
        RETURNING c.cloud, c.place)
    UPDATE cut_place p SET next_try = NULL FROM meant m
      WHERE p.cloud = m.cloud AND p.place = m.place;
  END IF;
  RETURN v_outcome;
END $$;

-- Up to which number whoever looks now sees all entries that there will ever be. Numbers are drawn
-- before their entries are there for all to see: whoever has drawn one by now is waited for, a short
-- while; if they take longer, what the newest checkpoint holds is certain.
CREATE FUNCTION ledger_settled() RETURNS bigint
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
  RETURN coalesce((SELECT max(c.through) FROM ledger_checkpoint c), 0);
END $$;

REVOKE EXECUTE ON FUNCTION ledger_settled() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_settled() TO ${service_role};
