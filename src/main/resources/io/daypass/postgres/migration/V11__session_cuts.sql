-- Sessions that would live on although their grant was ended early, in a cloud that can be told to
-- deny them everything.
-- What the functions below mean by a name is theirs to say, not their caller's.
SET LOCAL search_path TO ${flyway:defaultSchema}, pg_temp;

-- Asked for in the transaction that ends the grant.
CREATE TABLE session_cut (
  request_id text        NOT NULL REFERENCES access_request (id),
  cloud      text        NOT NULL,
  -- The cloud role whose sessions they are.
  place      text        NOT NULL,
  asked_at   timestamptz NOT NULL,
  -- Ended by its own requester: that must not take the room of what others ended.
  own        boolean     NOT NULL,
  -- No session of it lives longer.
  until      timestamptz NOT NULL,
  -- Since when the cloud denies them; null until it has said so.
  applied_at timestamptz,
  -- The sessions are dead, and the cloud need not remember them.
  lifted_at  timestamptz,
  alarmed_at timestamptz,
  PRIMARY KEY (request_id, cloud, place)
);
CREATE INDEX session_cut_open ON session_cut (cloud, place) WHERE lifted_at IS NULL;

-- All cuts in one place are one document there: one replica writes it at a time.
CREATE TABLE cut_place (
  cloud         text        NOT NULL,
  place         text        NOT NULL,
  tries         integer     NOT NULL DEFAULT 0,
  next_try      timestamptz,
  -- A call whose end nobody knows may yet put an older document in place: by then it is written anew.
  again_at      timestamptz,
  claim         uuid,
  claimed_at    timestamptz,
  claimed_until timestamptz,
  last_code     text,
  PRIMARY KEY (cloud, place)
);

-- Asks for the sessions of a grant that has just been ended. Whoever calls holds the request's row:
-- every intent is committed, and nothing is sealed under it any more. What nobody was given may be
-- there all the same. With keys that are dead by now a console may have been opened, which lives on:
-- only the end of the grant, which stands in every session's policy, ends that.
CREATE FUNCTION ask_cuts(p_request text, p_own boolean, p_grant_ends timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT
  -- By index, always: a request may have entries by the thousand.
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_material = off
  SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  v_now timestamptz := clock_timestamp();
BEGIN
  WITH intents AS MATERIALIZED (
    SELECT e.issuance, convert_from(e.canonical, 'UTF8')::jsonb -> 'detail' AS detail
      FROM ledger_entry e
      -- Keys live for twelve hours at most, and so does a console that was opened with them.
      WHERE e.request_id = p_request AND e.kind = 'intent'
        AND e.written_at > v_now - interval '25 hours'
  )
  INSERT INTO session_cut (request_id, cloud, place, asked_at, own, until)
    SELECT DISTINCT p_request, i.detail ->> 'cloud', i.detail ->> 'role_arn', v_now, p_own,
        p_grant_ends
      FROM intents i
      WHERE i.detail ->> 'role_arn' IS NOT NULL AND p_grant_ends > v_now
        AND NOT EXISTS (SELECT FROM ledger_entry o
          WHERE o.issuance = i.issuance AND o.kind = 'failed');
  INSERT INTO cut_place (cloud, place)
    SELECT c.cloud, c.place FROM session_cut c WHERE c.request_id = p_request ORDER BY c.place
    -- What failed before need not fail now.
    ON CONFLICT (cloud, place) DO UPDATE SET next_try = NULL;
END $$;

-- As before; what was handed out under the grant goes with it.
CREATE OR REPLACE FUNCTION end_request(
  p_request text, p_to text, p_issuer text, p_subject text, p_by text, p_reason text
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  r         access_request;
  v_outcome text;
BEGIN
  PERFORM FROM access_request q WHERE q.id IN (
      WITH RECURSIVE going AS (
        SELECT p_request AS id
        UNION
        SELECT x.id FROM access_request x JOIN going g ON x.extends_request = g.id
          WHERE p_to = 'revoked')
      SELECT id FROM going)
    ORDER BY q.id FOR NO KEY UPDATE;
  SELECT * INTO r FROM access_request q WHERE q.id = p_request;
  -- What extends it comes by here by itself.
  v_outcome := end_request_alone(p_request, p_to, p_issuer, p_subject, p_by, p_reason);
  IF v_outcome = 'done' AND r.state = 'approved' THEN
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

CREATE FUNCTION cut_entry(p_kind text, p_request text, p_detail jsonb) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM append_entry(p_kind, q.id, NULL, q.role, q.requester_issuer, q.requester_subject, p_detail)
    FROM access_request q WHERE q.id = p_request;
END $$;

-- Places whose document is not what it should be, for one who will be done within p_lease_s: nobody
-- else writes there meanwhile. With each the requests whose sessions it should deny: what others
-- ended before what its requester did, and what is denied already before what is not; how many, from
-- the first on, are others' and denied already; and how many are denied already in all.
-- A session is dead to us p_settle_s after its end: the cloud's clock may be behind. Who had a claim
-- and did not say what came of it may have a call on its way, for p_again_s at most.
CREATE FUNCTION claim_cuts(
  p_cloud text, p_limit integer, p_lease_s double precision, p_settle_s double precision,
  p_again_s double precision
) RETURNS TABLE (place text, claim uuid, requests text[], standing integer, applied integer,
  tries integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  v_now    timestamptz := clock_timestamp();
  v_settle interval := make_interval(secs => p_settle_s);
  v_due    text[];
BEGIN
  -- What the cloud was never told of need not be taken back.
  UPDATE session_cut s SET lifted_at = v_now WHERE (s.request_id, s.cloud, s.place) IN (
    SELECT c.request_id, c.cloud, c.place FROM session_cut c
      WHERE c.cloud = p_cloud AND c.lifted_at IS NULL AND c.applied_at IS NULL
        AND c.until + v_settle <= v_now
      LIMIT 1000
      FOR NO KEY UPDATE SKIP LOCKED);
  SELECT array_agg(d.place) INTO v_due FROM (
    SELECT p.place FROM cut_place p
      WHERE p.cloud = p_cloud
        AND (p.next_try IS NULL OR p.next_try <= v_now)
        AND (p.claimed_until IS NULL OR p.claimed_until <= v_now)
        AND (p.again_at <= v_now OR p.claim IS NOT NULL OR EXISTS (SELECT FROM session_cut c
          WHERE c.cloud = p_cloud AND c.place = p.place AND c.lifted_at IS NULL
            AND CASE WHEN c.applied_at IS NULL THEN c.until > v_now
              ELSE c.until + v_settle <= v_now END))
      ORDER BY p.next_try NULLS FIRST
      LIMIT p_limit
      FOR NO KEY UPDATE SKIP LOCKED) d;
  -- A statement of its own, whose snapshot is newer than the locks.
  RETURN QUERY
    UPDATE cut_place u SET tries = u.tries + 1, claim = gen_random_uuid(), claimed_at = v_now,
        claimed_until = v_now + make_interval(secs => p_lease_s),
        -- Whoever asks for a cut from now on takes this away.
        next_try = v_now + make_interval(secs => p_lease_s),
        again_at = CASE WHEN u.claim IS NULL THEN u.again_at
          ELSE v_now + make_interval(secs => p_again_s) END
      WHERE u.cloud = p_cloud AND u.place = ANY (v_due)
        AND (u.claimed_until IS NULL OR u.claimed_until <= v_now)
      RETURNING u.place, u.claim,
        (SELECT coalesce(array_agg(c.request_id
            ORDER BY c.until <= v_now, c.own, c.applied_at IS NULL, c.asked_at DESC), '{}')
          FROM session_cut c
          WHERE c.cloud = p_cloud AND c.place = u.place AND c.lifted_at IS NULL
            AND CASE WHEN c.applied_at IS NULL THEN c.until > v_now
              ELSE c.until + v_settle > v_now END),
        (SELECT count(*)::int FROM session_cut c
          WHERE c.cloud = p_cloud AND c.place = u.place AND c.lifted_at IS NULL
            AND c.until > v_now AND NOT c.own AND c.applied_at IS NOT NULL),
        (SELECT count(*)::int FROM session_cut c
          WHERE c.cloud = p_cloud AND c.place = u.place AND c.lifted_at IS NULL
            AND c.until + v_settle > v_now AND c.applied_at IS NOT NULL),
        u.tries;
END $$;

-- The place, locked, for who has the claim; null for who has it no more: what their call wrote may
-- stand in place of what was written since, so it is written once more.
CREATE FUNCTION claimed_place(
  p_cloud text, p_place text, p_claim uuid, p_again_s double precision
) RETURNS cut_place LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  p cut_place;
BEGIN
  SELECT * INTO p FROM cut_place x WHERE x.cloud = p_cloud AND x.place = p_place
    FOR NO KEY UPDATE;
  IF p.claim = p_claim THEN
    RETURN p;
  END IF;
  UPDATE cut_place SET again_at = clock_timestamp() + make_interval(secs => p_again_s)
    WHERE cloud = p_cloud AND place = p_place;
  RETURN NULL;
END $$;

-- The cloud denies the sessions of p_requests, and of no other requests, in that place. Unless that is
-- all that was claimed, the claim goes on, and ends with cuts_not_applied. False if it ran out before:
-- somebody else is at it then.
CREATE FUNCTION cuts_applied(
  p_cloud text, p_place text, p_claim uuid, p_requests text[], p_all boolean,
  p_settle_s double precision, p_again_s double precision
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  p     cut_place;
  v_now timestamptz;
  c     record;
BEGIN
  p := claimed_place(p_cloud, p_place, p_claim, p_again_s);
  IF p.claim IS NULL THEN
    RETURN false;
  END IF;
  v_now := clock_timestamp();
  FOR c IN SELECT x.request_id, x.applied_at,
        x.request_id = ANY (p_requests) AS denied,
        x.until + make_interval(secs => p_settle_s) <= p.claimed_at AS dead
      FROM session_cut x
      WHERE x.cloud = p_cloud AND x.place = p_place AND x.lifted_at IS NULL
        AND x.asked_at <= p.claimed_at
      ORDER BY x.asked_at, x.request_id
  LOOP
    IF c.dead THEN
      UPDATE session_cut SET lifted_at = v_now
        WHERE request_id = c.request_id AND cloud = p_cloud AND place = p_place;
      IF c.applied_at IS NOT NULL THEN
        PERFORM cut_entry('cut_lifted', c.request_id,
          jsonb_build_object('cloud', p_cloud, 'place', p_place));
      END IF;
    ELSIF c.denied AND c.applied_at IS NULL THEN
      UPDATE session_cut SET applied_at = v_now
        WHERE request_id = c.request_id AND cloud = p_cloud AND place = p_place;
      PERFORM cut_entry('cut_applied', c.request_id,
        jsonb_build_object('cloud', p_cloud, 'place', p_place, 'tries', p.tries));
    ELSIF NOT c.denied AND c.applied_at IS NOT NULL THEN
      -- It had to make room for a revocation.
      UPDATE session_cut SET applied_at = NULL
        WHERE request_id = c.request_id AND cloud = p_cloud AND place = p_place;
    END IF;
  END LOOP;
  UPDATE session_cut SET alarmed_at = NULL
    WHERE cloud = p_cloud AND place = p_place AND lifted_at IS NULL AND alarmed_at IS NOT NULL
      AND request_id = ANY (p_requests);
  UPDATE cut_place SET again_at = CASE WHEN again_at > claimed_at THEN again_at END
    WHERE cloud = p_cloud AND place = p_place;
  IF p_all THEN
    UPDATE cut_place SET claim = NULL, claimed_until = NULL, tries = 0, next_try = NULL,
        last_code = NULL
      WHERE cloud = p_cloud AND place = p_place;
  END IF;
  RETURN true;
END $$;

-- The document could not be written, or not with all that should stand in it; it is tried again after
-- p_pause_s, or later where nothing lives any more that it should deny. A call whose end nobody knows
-- (p_unknown) may be on its way for p_again_s. True if this is the moment to raise the alarm: sessions
-- live that should not, after so many tries or so long.
CREATE FUNCTION cuts_not_applied(
  p_cloud text, p_place text, p_claim uuid, p_code text, p_pause_s double precision,
  p_unknown boolean, p_again_s double precision, p_alarm_tries integer,
  p_alarm_after_s double precision
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  p       cut_place;
  v_now   timestamptz;
  v_first record;
  v_lives boolean;
  v_alarm boolean;
BEGIN
  p := claimed_place(p_cloud, p_place, p_claim, p_again_s);
  IF p.claim IS NULL THEN
    RETURN false;
  END IF;
  v_now := clock_timestamp();
  SELECT c.request_id, c.asked_at, c.alarmed_at INTO v_first FROM session_cut c
    WHERE c.cloud = p_cloud AND c.place = p_place AND c.lifted_at IS NULL
      -- Where an older document may stand, what was denied may not be any more.
      AND (c.applied_at IS NULL OR p.again_at IS NOT NULL) AND c.until > v_now
    ORDER BY c.alarmed_at NULLS FIRST, c.own, c.asked_at LIMIT 1;
  v_lives := FOUND;
  v_alarm := v_lives AND v_first.alarmed_at IS NULL AND (p.tries >= p_alarm_tries
    OR v_first.asked_at + make_interval(secs => p_alarm_after_s) <= v_now);
  UPDATE cut_place SET claim = NULL, claimed_until = NULL, last_code = p_code,
      next_try = CASE
        -- One was asked for while this was tried.
        WHEN next_try IS NULL THEN v_now
        WHEN v_lives OR p_unknown THEN v_now + make_interval(secs => p_pause_s)
        ELSE v_now + greatest(make_interval(secs => p_pause_s), interval '10 minutes') END,
      again_at = CASE WHEN p_unknown THEN v_now + make_interval(secs => p_again_s) ELSE again_at END
    WHERE cloud = p_cloud AND place = p_place;
  IF v_alarm THEN
    UPDATE session_cut SET alarmed_at = v_now
      WHERE cloud = p_cloud AND place = p_place AND lifted_at IS NULL
        AND (applied_at IS NULL OR p.again_at IS NOT NULL) AND until > v_now AND alarmed_at IS NULL;
    PERFORM cut_entry('cut_stuck', v_first.request_id, jsonb_build_object(
      'cloud', p_cloud, 'place', p_place, 'code', p_code, 'tries', p.tries));
  END IF;
  RETURN v_alarm;
END $$;

-- Sessions that cannot be cut are told of like access that cannot be removed.
CREATE OR REPLACE FUNCTION notice_of_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  v_detail jsonb := convert_from(NEW.canonical, 'UTF8')::jsonb -> 'detail';
BEGIN
  INSERT INTO notice (kind, at, request_id, issuance, role, by_issuer, by_subject, detail)
    VALUES (CASE NEW.kind WHEN 'binding_stuck' THEN 'cleanup_stuck' WHEN 'cut_stuck' THEN
        'cleanup_stuck' WHEN 'stop' THEN 'stopped' WHEN 'resume' THEN 'resumed' ELSE NEW.kind END,
      NEW.written_at, NEW.request_id, NEW.issuance, NEW.role,
      CASE WHEN NEW.kind IN ('stop', 'resume') THEN NEW.caller_issuer END,
      CASE WHEN NEW.kind IN ('stop', 'resume') THEN NEW.caller_subject END,
      -- Where a source address or a place in a cloud stands in the ledger, it stays there.
      jsonb_strip_nulls(jsonb_build_object('reason', v_detail ->> 'reason',
        'cloud', v_detail ->> 'cloud', 'code', v_detail ->> 'code', 'tries', v_detail ->> 'tries')));
  PERFORM pg_notify('daypass', 'notices');
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER ledger_entry_told AFTER INSERT ON ledger_entry
  FOR EACH ROW WHEN (NEW.kind IN ('orphaned', 'binding_stuck', 'cut_stuck', 'stop', 'resume'))
  EXECUTE FUNCTION notice_of_entry();

GRANT SELECT ON session_cut, cut_place TO ${service_role};
REVOKE EXECUTE ON FUNCTION ask_cuts(text, boolean, timestamptz), cut_entry(text, text, jsonb),
  claimed_place(text, text, uuid, double precision),
  claim_cuts(text, integer, double precision, double precision, double precision),
  cuts_applied(text, text, uuid, text[], boolean, double precision, double precision),
  cuts_not_applied(text, text, uuid, text, double precision, boolean, double precision, integer,
    double precision) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_cuts(text, integer, double precision, double precision, double precision),
  cuts_applied(text, text, uuid, text[], boolean, double precision, double precision),
  cuts_not_applied(text, text, uuid, text, double precision, boolean, double precision, integer,
    double precision) TO ${service_role};
