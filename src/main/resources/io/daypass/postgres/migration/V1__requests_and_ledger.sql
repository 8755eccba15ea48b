-- Requests, approvals and the ledger. Run by the owner's role; the service's role is ${service_role}.
-- What decides anything here decides it by this database's clock.

-- Every function below takes this path with it. pg_temp stands last: it is searched first where it
-- is not named, and whoever calls could put tables of their own there.
SET LOCAL search_path TO ${flyway:defaultSchema}, pg_temp;

-- People, as their latest verified token described them: an approver is judged by this.
CREATE TABLE person (
  issuer          text        NOT NULL,
  subject         text        NOT NULL,
  identity        jsonb       NOT NULL,
  suspended       boolean     NOT NULL DEFAULT false,
  version         bigint      NOT NULL DEFAULT 1,
  token_issued_at timestamptz NOT NULL,
  PRIMARY KEY (issuer, subject)
);

CREATE TABLE access_request (
  id                 text        PRIMARY KEY,
  version            integer     NOT NULL DEFAULT 1,
  requester_issuer   text        NOT NULL,
  requester_subject  text        NOT NULL,
  requester          jsonb       NOT NULL,
  role               text        NOT NULL,
  duration_s         bigint      NOT NULL CHECK (duration_s > 0),
  reason             text        NOT NULL,
  ticket             text,
  starts_at          timestamptz,
  rule               text        NOT NULL,
  lines              jsonb       NOT NULL,
  policy_digest      text        NOT NULL,
  role_digest        text        NOT NULL,
  digest             text        NOT NULL,
  state              text        NOT NULL
    CHECK (state IN ('pending', 'approved', 'denied', 'cancelled', 'returned', 'revoked')),
  made_at            timestamptz NOT NULL,
  lapses_at          timestamptz NOT NULL,
  grant_starts_at    timestamptz,
  grant_ends_at      timestamptz,
  ended_at           timestamptz,
  ended_by           text,
  ended_reason       text,
  token_key          text,
  idempotency_key    text,
  idempotency_digest text,
  extends_request    text        REFERENCES access_request (id),
  UNIQUE (requester_issuer, requester_subject, idempotency_key),
  CHECK (state <> 'approved' OR (grant_starts_at IS NOT NULL AND grant_ends_at > grant_starts_at))
);
CREATE INDEX access_request_newest ON access_request (made_at DESC, id DESC);
CREATE INDEX access_request_mine ON access_request (requester_issuer, requester_subject, role, made_at DESC);
CREATE INDEX access_request_extends ON access_request (extends_request) WHERE extends_request IS NOT NULL;
CREATE INDEX access_request_pending ON access_request (made_at DESC) WHERE state = 'pending';

-- The service cannot write here: record_vote, which is the owner's, is the only way in.
CREATE TABLE approval (
  request_id       text        NOT NULL REFERENCES access_request (id),
  approver_issuer  text        NOT NULL,
  approver_subject text        NOT NULL,
  verdict          text        NOT NULL CHECK (verdict IN ('approve', 'deny')),
  comment          text,
  shortened_to_s   bigint      CHECK (shortened_to_s > 0),
  digest           text        NOT NULL,
  made_at          timestamptz NOT NULL,
  PRIMARY KEY (request_id, approver_issuer, approver_subject),
  FOREIGN KEY (approver_issuer, approver_subject) REFERENCES person (issuer, subject)
);
CREATE INDEX approval_by ON approval (approver_issuer, approver_subject);

-- Which token opened which request. scope is '' for a single-use token, the role for a reusable one.
CREATE TABLE seen_token (
  token_key  text        NOT NULL,
  scope      text        NOT NULL,
  -- Written before the request it opens, so that a lost race leaves nothing behind.
  request_id text        NOT NULL REFERENCES access_request (id) DEFERRABLE INITIALLY DEFERRED,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (token_key, scope)
);
CREATE INDEX seen_token_expiry ON seen_token (expires_at);

CREATE TABLE ledger_entry (
  number         bigint      PRIMARY KEY,
  written_at     timestamptz NOT NULL,
  kind           text        NOT NULL,
  request_id     text,
  issuance       uuid,
  role           text,
  caller_issuer  text,
  caller_subject text,
  canonical      bytea       NOT NULL,
  sha256         bytea       NOT NULL CHECK (sha256 = sha256(canonical))
);
CREATE SEQUENCE ledger_number AS bigint OWNED BY ledger_entry.number;
CREATE INDEX ledger_entry_request ON ledger_entry (request_id, number) WHERE request_id IS NOT NULL;
CREATE INDEX ledger_entry_caller ON ledger_entry (caller_subject, number) WHERE caller_subject IS NOT NULL;
CREATE INDEX ledger_entry_time ON ledger_entry USING brin (written_at);
-- An issuance has one intent and one outcome, whoever writes first.
CREATE UNIQUE INDEX ledger_entry_intent ON ledger_entry (issuance) WHERE kind = 'intent';
CREATE UNIQUE INDEX ledger_entry_outcome ON ledger_entry (issuance)
  WHERE kind IN ('sealed', 'failed', 'unknown', 'orphaned');

CREATE TABLE broker_state (
  one            boolean PRIMARY KEY DEFAULT true CHECK (one),
  stopped        boolean NOT NULL DEFAULT false,
  -- Every intent up to here has its outcome.
  closed_through bigint  NOT NULL DEFAULT 0
);
INSERT INTO broker_state DEFAULT VALUES;

CREATE TABLE signing_key (
  id           text        PRIMARY KEY,
  algorithm    text        NOT NULL CHECK (algorithm IN ('ES256', 'RS256')),
  wrapped      text        NOT NULL,
  public_jwk   text        NOT NULL,
  published_at timestamptz NOT NULL,
  use_from     timestamptz NOT NULL
);

CREATE FUNCTION append_entry(
  p_kind text, p_request text, p_issuance uuid, p_role text,
  p_issuer text, p_subject text, p_detail jsonb
) RETURNS timestamptz LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  v_number    bigint := nextval('ledger_number');
  v_at        timestamptz := clock_timestamp();
  v_canonical bytea;
BEGIN
  -- The text of a jsonb value is the same for the same value: keys in one order, one spacing.
  v_canonical := convert_to(jsonb_strip_nulls(jsonb_build_object(
    'v', 1,
    'number', v_number,
    'at', to_char(v_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'kind', p_kind,
    'request', p_request,
    'issuance', p_issuance,
    'role', p_role,
    'caller', CASE WHEN p_subject IS NOT NULL
      THEN jsonb_build_object('issuer', p_issuer, 'subject', p_subject) END,
    'detail', p_detail))::text, 'UTF8');
  INSERT INTO ledger_entry VALUES (v_number, v_at, p_kind, p_request, p_issuance, p_role,
    p_issuer, p_subject, v_canonical, sha256(v_canonical));
  RETURN v_at;
END $$;

-- Everybody who issues holds this lock shared until their commit, so that a stop is acknowledged
-- only when nobody is between having looked at the switch and having written.
CREATE FUNCTION issuing_is_stopped() RETURNS boolean LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(6021, 1);
  -- A statement of its own: its snapshot is newer than the lock.
  RETURN (SELECT stopped FROM broker_state);
END $$;

CREATE FUNCTION set_stopped(
  p_stopped boolean, p_issuer text, p_subject text, p_detail jsonb
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(6021, 1);
  UPDATE broker_state SET stopped = p_stopped WHERE stopped <> p_stopped;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM append_entry(CASE WHEN p_stopped THEN 'stop' ELSE 'resume' END,
    NULL, NULL, NULL, p_issuer, p_subject, p_detail);
  RETURN true;
END $$;

-- Opens a request. Answers made | existing | key_reused | too_many_open | token_already_used |
-- token_bound (a reusable token has opened one that is still good), and the request's id.
CREATE FUNCTION open_request(p jsonb) RETURNS TABLE (outcome text, request text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  v_now       timestamptz := clock_timestamp();
  v_second    timestamptz := date_trunc('second', v_now);
  v_issuer    text := p #>> '{requester,issuer}';
  v_subject   text := p #>> '{requester,subject}';
  v_automatic boolean := (p ->> 'automatic')::boolean;
  v_starts    timestamptz := greatest(v_second, date_trunc('second', (p ->> 'starts_at')::timestamptz));
  v_found     record;
BEGIN
  IF v_automatic AND jsonb_array_length(p -> 'lines') > 0 THEN
    RAISE EXCEPTION 'a request that people must approve is not automatic';
  END IF;
  request := p ->> 'id';
  IF p ->> 'idempotency_key' IS NOT NULL OR NOT v_automatic THEN
    -- One at a time for each requester, so that the count below is the truth.
    PERFORM pg_advisory_xact_lock(6022, hashtext(v_issuer || ' ' || v_subject));
    SELECT r.id, r.idempotency_digest INTO v_found FROM access_request r
      WHERE r.requester_issuer = v_issuer AND r.requester_subject = v_subject
        AND r.idempotency_key = p ->> 'idempotency_key';
    IF FOUND THEN
      outcome := CASE WHEN v_found.idempotency_digest = p ->> 'idempotency_digest'
        THEN 'existing' ELSE 'key_reused' END;
      request := v_found.id;
      RETURN NEXT;
      RETURN;
    END IF;
  END IF;
  IF NOT v_automatic THEN
    SELECT r.id INTO v_found FROM access_request r
      WHERE r.requester_issuer = v_issuer AND r.requester_subject = v_subject
        AND r.state = 'pending' AND r.lapses_at > v_now AND r.digest = p ->> 'digest'
        AND p ->> 'token_key' IS NULL AND r.extends_request IS NOT DISTINCT FROM p ->> 'extends'
      LIMIT 1;
    IF FOUND THEN
      outcome := 'existing';
      request := v_found.id;
      RETURN NEXT;
      RETURN;
    END IF;
    IF (SELECT count(*) FROM access_request r
        WHERE r.requester_issuer = v_issuer AND r.requester_subject = v_subject
          AND r.state = 'pending' AND r.lapses_at > v_now) >= (p ->> 'open_limit')::int THEN
      outcome := 'too_many_open';
      RETURN NEXT;
      RETURN;
    END IF;
  END IF;

  IF p ->> 'token_key' IS NOT NULL THEN
    INSERT INTO seen_token AS t (token_key, scope, request_id, expires_at)
      VALUES (p ->> 'token_key', p ->> 'token_scope', request, (p ->> 'token_expires_at')::timestamptz)
      ON CONFLICT (token_key, scope) DO UPDATE SET request_id = excluded.request_id
        -- A reusable token may open again what time alone has ended, never what people ended.
        WHERE t.scope <> '' AND EXISTS (SELECT 1 FROM access_request r WHERE r.id = t.request_id
          AND ((r.state = 'approved' AND r.grant_ends_at <= v_now)
            OR (r.state = 'pending' AND r.lapses_at <= v_now)));
    IF NOT FOUND THEN
      outcome := CASE WHEN p ->> 'token_scope' = '' THEN 'token_already_used' ELSE 'token_bound' END;
      SELECT t.request_id INTO request FROM seen_token t
        WHERE t.token_key = p ->> 'token_key' AND t.scope = p ->> 'token_scope';
      RETURN NEXT;
      RETURN;
    END IF;
  END IF;

  INSERT INTO access_request (id, requester_issuer, requester_subject, requester, role, duration_s,
      reason, ticket, starts_at, rule, lines, policy_digest, role_digest, digest, state, made_at,
      lapses_at, grant_starts_at, grant_ends_at, token_key, idempotency_key, idempotency_digest,
      extends_request)
    VALUES (request, v_issuer, v_subject, p -> 'requester', p ->> 'role', (p ->> 'duration_s')::bigint,
      p ->> 'reason', p ->> 'ticket', (p ->> 'starts_at')::timestamptz, p ->> 'rule', p -> 'lines',
      p ->> 'policy_digest', p ->> 'role_digest', p ->> 'digest',
      CASE WHEN v_automatic THEN 'approved' ELSE 'pending' END, v_now,
      v_now + make_interval(secs => (p ->> 'lapse_after_s')::double precision),
      CASE WHEN v_automatic THEN v_starts END,
      CASE WHEN v_automatic
        THEN v_starts + make_interval(secs => (p ->> 'duration_s')::double precision) END,
      p ->> 'token_key', p ->> 'idempotency_key', p ->> 'idempotency_digest', p ->> 'extends');

  PERFORM append_entry('request_made', request, NULL, p ->> 'role', v_issuer, v_subject,
    jsonb_build_object('duration_s', (p ->> 'duration_s')::bigint, 'reason', p ->> 'reason',
      'ticket', p ->> 'ticket', 'starts_at', p ->> 'starts_at', 'digest', p ->> 'digest',
      'extends', p ->> 'extends', 'requester', p -> 'requester'));
  PERFORM append_entry('decided_by_rule', request, NULL, p ->> 'role', v_issuer, v_subject,
    jsonb_build_object('rule', p ->> 'rule', 'automatic', v_automatic, 'lines', p -> 'lines',
      'policies', p ->> 'policy_digest', 'role_digest', p ->> 'role_digest',
      'grant_starts_at', CASE WHEN v_automatic THEN v_starts END,
      'grant_ends_at', CASE WHEN v_automatic
        THEN v_starts + make_interval(secs => (p ->> 'duration_s')::double precision) END));
  outcome := 'made';
  RETURN NEXT;
END $$;

-- One person's decision. Answers counted | changed | already_voted | already_decided | lapsed |
-- suspended | self_approval | not_found. It is the owner's (SECURITY DEFINER), because the service
-- itself may not write approvals.
CREATE FUNCTION record_vote(
  p_request text, p_version integer, p_issuer text, p_subject text, p_verdict text, p_comment text,
  p_shortened_to_s bigint, p_digest text, p_completes boolean, p_agreed_s bigint
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  r        access_request;
  v_now    timestamptz;
  v_starts timestamptz;
  v_ends   timestamptz;
BEGIN
  SELECT * INTO r FROM access_request WHERE id = p_request FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN 'not_found';
  END IF;
  v_now := clock_timestamp();
  IF r.requester_issuer = p_issuer AND r.requester_subject = p_subject THEN
    RETURN 'self_approval';
  ELSIF EXISTS (SELECT 1 FROM approval a WHERE a.request_id = p_request
      AND a.approver_issuer = p_issuer AND a.approver_subject = p_subject) THEN
    RETURN 'already_voted';
  ELSIF r.state <> 'pending' THEN
    RETURN 'already_decided';
  ELSIF r.lapses_at <= v_now THEN
    RETURN 'lapsed';
  ELSIF r.version <> p_version OR r.digest <> p_digest THEN
    RETURN 'changed';
  ELSIF EXISTS (SELECT 1 FROM person WHERE issuer = p_issuer AND subject = p_subject AND suspended) THEN
    RETURN 'suspended';
  END IF;

  IF p_verdict = 'approve' AND p_completes THEN
    -- Who counts for which line was judged before; that there are enough of them is judged here too.
    IF (SELECT count(*) + 1 FROM approval a WHERE a.request_id = p_request AND a.verdict = 'approve')
        < (SELECT sum((line ->> 'count')::int) FROM jsonb_array_elements(r.lines) AS line) THEN
      RAISE EXCEPTION 'fewer approvals than the lines ask for';
    END IF;
    v_starts := greatest(date_trunc('second', v_now), date_trunc('second', r.starts_at));
    v_ends := v_starts + make_interval(secs => least(p_agreed_s, r.duration_s));
  END IF;
  UPDATE access_request SET
      version = version + 1,
      state = CASE WHEN p_verdict = 'deny' THEN 'denied' WHEN p_completes THEN 'approved' ELSE state END,
      grant_starts_at = v_starts,
      grant_ends_at = v_ends,
      ended_at = CASE WHEN p_verdict = 'deny' THEN v_now END,
      ended_by = CASE WHEN p_verdict = 'deny' THEN p_issuer || ' ' || p_subject END,
      ended_reason = CASE WHEN p_verdict = 'deny' THEN p_comment END
    WHERE id = p_request;
  INSERT INTO approval VALUES (p_request, p_issuer, p_subject, p_verdict, p_comment,
    p_shortened_to_s, p_digest, v_now);
  PERFORM append_entry(CASE WHEN p_verdict = 'deny' THEN 'denied' ELSE 'approved' END,
    p_request, NULL, r.role, p_issuer, p_subject,
    jsonb_build_object('comment', p_comment, 'shortened_to_s', p_shortened_to_s, 'digest', p_digest,
      'completes', p_verdict = 'approve' AND p_completes,
      'grant_starts_at', v_starts, 'grant_ends_at', v_ends));
  PERFORM pg_notify('daypass', 'request ' || p_request);
  RETURN 'counted';
END $$;

-- An early end. Answers done | already_decided | already_ended | not_approved | not_found. The
-- update waits for every issuance that holds the row shared, and none starts after it.
CREATE FUNCTION end_request(
  p_request text, p_to text, p_issuer text, p_subject text, p_by text, p_reason text
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  r     access_request;
  v_now timestamptz;
BEGIN
  IF p_to NOT IN ('cancelled', 'returned', 'revoked') THEN
    RAISE EXCEPTION 'not an end: %', p_to;
  END IF;
  SELECT * INTO r FROM access_request WHERE id = p_request FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN 'not_found';
  END IF;
  v_now := clock_timestamp();
  IF p_to = 'cancelled' THEN
    IF r.state <> 'pending' OR r.lapses_at <= v_now THEN
      RETURN 'already_decided';
    END IF;
  ELSIF r.state IN ('denied', 'cancelled', 'returned', 'revoked')
      OR (r.state = 'approved' AND r.grant_ends_at <= v_now)
      OR (r.state = 'pending' AND r.lapses_at <= v_now) THEN
    RETURN 'already_ended';
  ELSIF r.state = 'pending' AND p_to = 'returned' THEN
    RETURN 'not_approved';
  END IF;
  UPDATE access_request SET version = version + 1, state = p_to, ended_at = v_now,
      ended_by = p_by, ended_reason = p_reason
    WHERE id = p_request;
  PERFORM append_entry(p_to, p_request, NULL, r.role, p_issuer, p_subject,
    jsonb_build_object('reason', p_reason, 'grant_ends_at', r.grant_ends_at));
  PERFORM pg_notify('daypass', 'request ' || p_request);
  IF p_to = 'revoked' THEN
    -- Whoever ends an access means its continuation too.
    PERFORM end_request(x.id, p_to, p_issuer, p_subject, p_by, p_reason)
      FROM access_request x
      WHERE x.extends_request = p_request AND x.state IN ('pending', 'approved');
  END IF;
  RETURN 'done';
END $$;

-- Suspends a person from approving, or lifts it.
CREATE FUNCTION set_suspended(
  p_issuer text, p_subject text, p_suspended boolean, p_by_issuer text, p_by_subject text, p_detail jsonb
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  UPDATE person SET suspended = p_suspended, version = version + 1
    WHERE issuer = p_issuer AND subject = p_subject AND suspended <> p_suspended;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM append_entry(CASE WHEN p_suspended THEN 'suspended' ELSE 'reinstated' END,
    NULL, NULL, NULL, p_by_issuer, p_by_subject, p_detail);
  RETURN true;
END $$;

-- T1. Answers intent | changed | stopped | grant_not_started | grant_ended | grant_revoked |
-- grant_returned, with the clock and the grant's end: p_ends where the policies in force give less
-- than was agreed. A refusal is written here too.
CREATE FUNCTION record_intent(
  p_issuance uuid, p_request text, p_version integer, p_issuer text, p_subject text,
  p_approver_issuers text[], p_approver_subjects text[], p_approver_versions bigint[],
  p_ends timestamptz, p_detail jsonb
) RETURNS TABLE (outcome text, recorded_at timestamptz, ends_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  v_stopped boolean := issuing_is_stopped();
  r         record;
  v_now     timestamptz;
BEGIN
  SELECT q.state, q.version, q.role, q.grant_starts_at, q.grant_ends_at INTO r
    FROM access_request q WHERE q.id = p_request FOR SHARE;
  -- After the lock: waiting for it must not stretch the grant.
  v_now := clock_timestamp();
  IF r.version IS DISTINCT FROM p_version THEN
    outcome := 'changed';
    RETURN NEXT;
    RETURN;
  END IF;
  IF EXISTS (SELECT 1 FROM unnest(p_approver_issuers, p_approver_subjects, p_approver_versions)
        AS a (issuer, subject, version)
      LEFT JOIN person USING (issuer, subject)
      WHERE person.version IS DISTINCT FROM a.version) THEN
    outcome := 'changed';
    RETURN NEXT;
    RETURN;
  END IF;
  outcome := CASE
    WHEN v_stopped THEN 'stopped'
    WHEN r.state = 'revoked' THEN 'grant_revoked'
    WHEN r.state = 'returned' THEN 'grant_returned'
    WHEN r.state <> 'approved' THEN 'approval_required'
    WHEN v_now < r.grant_starts_at THEN 'grant_not_started'
    WHEN v_now >= least(r.grant_ends_at, p_ends) THEN 'grant_ended'
    ELSE 'intent' END;
  IF outcome = 'intent' THEN
    recorded_at := append_entry('intent', p_request, p_issuance, r.role, p_issuer, p_subject, p_detail);
    ends_at := least(r.grant_ends_at, p_ends);
  ELSE
    PERFORM append_entry('refused', p_request, NULL, r.role, p_issuer, p_subject,
      p_detail || jsonb_build_object('code', outcome));
  END IF;
  RETURN NEXT;
END $$;

-- T1 for a request that its rule approves at once: both, or neither.
CREATE FUNCTION open_and_record_intent(p_issuance uuid, p jsonb, p_detail jsonb)
RETURNS TABLE (outcome text, request text, made_at timestamptz, recorded_at timestamptz,
  starts_at timestamptz, ends_at timestamptz)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  v_issuer  text := p #>> '{requester,issuer}';
  v_subject text := p #>> '{requester,subject}';
  o         record;
BEGIN
  IF issuing_is_stopped() THEN
    outcome := 'stopped';
  ELSE
    SELECT * INTO o FROM open_request(p);
    outcome := o.outcome;
    request := o.request;
  END IF;
  IF outcome = 'made' THEN
    SELECT q.made_at, q.grant_starts_at, q.grant_ends_at INTO made_at, starts_at, ends_at
      FROM access_request q WHERE q.id = request;
    recorded_at := append_entry('intent', request, p_issuance, p ->> 'role', v_issuer, v_subject,
      p_detail || jsonb_build_object('ends_at', ends_at));
  ELSIF outcome IN ('stopped', 'token_already_used') THEN
    PERFORM append_entry('refused', request, NULL, p ->> 'role', v_issuer, v_subject,
      p_detail || jsonb_build_object('code', outcome));
  END IF;
  RETURN NEXT;
END $$;

-- T2. Answers sealed | stopped | grant_ended | grant_revoked | grant_returned | closed. Whatever is
-- not sealed is written as unknown: the credential must be dropped.
CREATE FUNCTION record_seal(
  p_issuance uuid, p_request text, p_role text, p_issuer text, p_subject text, p_ends timestamptz,
  p_detail jsonb
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  v_stopped boolean := issuing_is_stopped();
  r         record;
  v_outcome text;
BEGIN
  SELECT q.state, q.grant_ends_at INTO r FROM access_request q WHERE q.id = p_request FOR SHARE;
  v_outcome := CASE
    -- An intent that is not there was lost in a fail-over: nothing is sealed without one.
    WHEN NOT EXISTS (SELECT 1 FROM ledger_entry WHERE issuance = p_issuance
      AND kind = 'intent' AND request_id = p_request) THEN 'closed'
    WHEN EXISTS (SELECT 1 FROM ledger_entry WHERE issuance = p_issuance
      AND kind IN ('sealed', 'failed', 'unknown', 'orphaned')) THEN 'closed'
    WHEN v_stopped THEN 'stopped'
    WHEN r.state = 'revoked' THEN 'grant_revoked'
    WHEN r.state = 'returned' THEN 'grant_returned'
    WHEN r.state IS DISTINCT FROM 'approved'
      OR clock_timestamp() >= least(r.grant_ends_at, p_ends) THEN 'grant_ended'
    ELSE 'sealed' END;
  IF v_outcome = 'sealed' THEN
    PERFORM append_entry('sealed', p_request, p_issuance, p_role, p_issuer, p_subject, p_detail);
  ELSIF v_outcome <> 'closed' THEN
    PERFORM append_entry('unknown', p_request, p_issuance, p_role, p_issuer, p_subject,
      p_detail || jsonb_build_object('code', v_outcome));
  END IF;
  RETURN v_outcome;
END $$;

-- An outcome without a credential in anybody's hands; the first outcome stands.
CREATE FUNCTION record_outcome(
  p_kind text, p_issuance uuid, p_request text, p_role text, p_issuer text, p_subject text, p_detail jsonb
) RETURNS boolean LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM ledger_entry WHERE issuance = p_issuance
      AND kind IN ('sealed', 'failed', 'unknown', 'orphaned')) THEN
    RETURN false;
  END IF;
  PERFORM append_entry(p_kind, p_request, p_issuance, p_role, p_issuer, p_subject, p_detail);
  RETURN true;
END $$;

-- Closes intents that never got an outcome. One replica at a time; the others pass by.
CREATE FUNCTION close_orphans(p_age interval) RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  v_from    bigint;
  v_through bigint;
  i         record;
BEGIN
  IF NOT pg_try_advisory_xact_lock(6021, 2) THEN
    RETURN;
  END IF;
  SELECT closed_through INTO v_from FROM broker_state;
  SELECT max(number) INTO v_through FROM ledger_entry
    WHERE number > v_from AND written_at < clock_timestamp() - p_age;
  IF v_through IS NULL THEN
    RETURN;
  END IF;
  FOR i IN SELECT e.issuance, e.request_id, e.role, e.caller_issuer, e.caller_subject FROM ledger_entry e
      WHERE e.kind = 'intent' AND e.number > v_from AND e.number <= v_through
        AND NOT EXISTS (SELECT 1 FROM ledger_entry o WHERE o.issuance = e.issuance
          AND o.kind IN ('sealed', 'failed', 'unknown', 'orphaned'))
  LOOP
    PERFORM append_entry('orphaned', i.request_id, i.issuance, i.role, i.caller_issuer,
      i.caller_subject, '{}');
    RETURN NEXT i.issuance;
  END LOOP;
  UPDATE broker_state SET closed_through = v_through;
END $$;

-- Adds a signing key, unless another replica has just added one of the same algorithm.
CREATE FUNCTION add_signing_key(
  p_id text, p_algorithm text, p_wrapped text, p_public_jwk text, p_published timestamptz, p_use_from timestamptz
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(6021, 3);
  IF EXISTS (SELECT 1 FROM signing_key k WHERE k.algorithm = p_algorithm
      AND k.use_from > p_use_from - interval '1 minute') THEN
    RETURN false;
  END IF;
  INSERT INTO signing_key VALUES (p_id, p_algorithm, p_wrapped, p_public_jwk, p_published, p_use_from);
  PERFORM append_entry('key_rotated', NULL, NULL, NULL, NULL, NULL,
    jsonb_build_object('kid', p_id, 'algorithm', p_algorithm, 'use_from', p_use_from));
  PERFORM pg_notify('daypass', 'keys');
  RETURN true;
END $$;

-- The service reads everything, appends to the ledger and remembers people. Whatever else it changes
-- it changes through the functions above that are the owner's.
GRANT USAGE ON SCHEMA ${flyway:defaultSchema} TO ${service_role};
GRANT SELECT ON ALL TABLES IN SCHEMA ${flyway:defaultSchema} TO ${service_role};
GRANT INSERT ON ledger_entry TO ${service_role};
GRANT INSERT (issuer, subject, identity, token_issued_at),
  UPDATE (identity, version, token_issued_at) ON person TO ${service_role};
-- What a token opened need not be known once the token is dead.
GRANT DELETE ON seen_token TO ${service_role};
GRANT USAGE ON SEQUENCE ledger_number TO ${service_role};
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA ${flyway:defaultSchema} FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${flyway:defaultSchema} TO ${service_role};
