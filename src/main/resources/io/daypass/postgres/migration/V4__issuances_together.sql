-- Issuances that come at the same time share a statement and a commit; each is judged for itself.
-- record_intent and record_seal stay for binaries of the version before.
SET LOCAL search_path TO ${flyway:defaultSchema}, pg_temp;

-- The bytes that an entry is hashed by. The text of a jsonb value is the same for the same value:
-- keys in one order, one spacing.
CREATE FUNCTION entry_bytes(
  p_number bigint, p_at timestamptz, p_kind text, p_request text, p_issuance uuid, p_role text,
  p_issuer text, p_subject text, p_detail jsonb
) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT convert_to(jsonb_strip_nulls(jsonb_build_object(
    'v', 1,
    'number', p_number,
    'at', to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'kind', p_kind,
    'request', p_request,
    'issuance', p_issuance,
    'role', p_role,
    'caller', CASE WHEN p_subject IS NOT NULL
      THEN jsonb_build_object('issuer', p_issuer, 'subject', p_subject) END,
    'detail', p_detail))::text, 'UTF8')
$$;

CREATE OR REPLACE FUNCTION append_entry(
  p_kind text, p_request text, p_issuance uuid, p_role text,
  p_issuer text, p_subject text, p_detail jsonb
) RETURNS timestamptz LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  v_number    bigint := nextval('ledger_number');
  v_at        timestamptz := clock_timestamp();
  v_canonical bytea := entry_bytes(
    v_number, v_at, p_kind, p_request, p_issuance, p_role, p_issuer, p_subject, p_detail);
BEGIN
  INSERT INTO ledger_entry VALUES (v_number, v_at, p_kind, p_request, p_issuance, p_role,
    p_issuer, p_subject, v_canonical, sha256(v_canonical));
  RETURN v_at;
END $$;

-- T1 of several issuances: what record_intent does, for each. The p_judged_ say which approver
-- counted for which item, and at which version they were judged; p_others are requests that the same
-- statement seals under.
CREATE FUNCTION record_intents(
  p_items bigint[], p_issuances uuid[], p_requests text[], p_versions integer[], p_issuers text[], p_subjects text[],
  p_ends timestamptz[], p_details text[],
  p_judged_items bigint[], p_judged_issuers text[], p_judged_subjects text[],
  p_judged_versions bigint[], p_others text[]
) RETURNS TABLE (item bigint, outcome text, recorded_at timestamptz, ends_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
  -- Planned once, when the tables may be empty, and kept as they fill: by index, always.
  SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
  SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  v_stopped boolean;
BEGIN
  IF cardinality(p_items) = 0 THEN
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock_shared(6021, 1);
  -- Statements of their own, each with a snapshot newer than the locks before it.
  v_stopped := (SELECT stopped FROM broker_state);
  -- All of them in one order, so that nobody waits for somebody who waits for them.
  PERFORM FROM access_request q WHERE q.id = ANY (p_requests || p_others) ORDER BY q.id FOR SHARE;
  RETURN QUERY
  WITH asked AS MATERIALIZED (
    SELECT a.*, q.version AS current, q.state, q.role, q.grant_starts_at,
        least(q.grant_ends_at, a.ends) AS until, clock_timestamp() AS now
      FROM unnest(p_items, p_issuances, p_requests, p_versions, p_issuers, p_subjects, p_ends,
          p_details)
        AS a (item, issuance, request, version, issuer, subject, ends, detail)
      LEFT JOIN access_request q ON q.id = a.request
  ), judged AS MATERIALIZED (
    SELECT a.*, CASE
        WHEN a.current IS DISTINCT FROM a.version THEN 'changed'
        WHEN EXISTS (
          SELECT FROM unnest(p_judged_items, p_judged_issuers, p_judged_subjects, p_judged_versions)
              AS j (item, issuer, subject, version)
            LEFT JOIN person p ON p.issuer = j.issuer AND p.subject = j.subject
            WHERE j.item = a.item AND p.version IS DISTINCT FROM j.version) THEN 'changed'
        WHEN v_stopped THEN 'stopped'
        WHEN a.state = 'revoked' THEN 'grant_revoked'
        WHEN a.state = 'returned' THEN 'grant_returned'
        WHEN a.state <> 'approved' THEN 'approval_required'
        WHEN a.now < a.grant_starts_at THEN 'grant_not_started'
        WHEN a.now >= a.until THEN 'grant_ended'
        ELSE 'intent' END AS verdict
      FROM asked a
  ), entries AS MATERIALIZED (
    SELECT j.*, nextval('ledger_number') AS number,
        CASE WHEN j.verdict = 'intent' THEN 'intent' ELSE 'refused' END AS kind,
        CASE WHEN j.verdict = 'intent' THEN j.issuance END AS named,
        CASE WHEN j.verdict = 'intent' THEN j.detail::jsonb
          ELSE j.detail::jsonb || jsonb_build_object('code', j.verdict) END AS told
      FROM judged j WHERE j.verdict <> 'changed'
  ), bytes AS MATERIALIZED (
    SELECT e.*, entry_bytes(e.number, e.now, e.kind, e.request, e.named, e.role, e.issuer, e.subject,
        e.told) AS canonical
      FROM entries e
  ), written AS (
    INSERT INTO ledger_entry
      SELECT b.number, b.now, b.kind, b.request, b.named, b.role, b.issuer, b.subject, b.canonical,
          sha256(b.canonical)
        FROM bytes b
  )
  SELECT j.item, j.verdict, CASE WHEN j.verdict = 'intent' THEN j.now END,
      CASE WHEN j.verdict = 'intent' THEN j.until END
    FROM judged j;
END $$;

-- T2 of several issuances: what record_seal does, for each.
CREATE FUNCTION record_seals(
  p_items bigint[], p_issuances uuid[], p_requests text[], p_roles text[], p_issuers text[], p_subjects text[],
  p_ends timestamptz[], p_details text[]
) RETURNS TABLE (item bigint, outcome text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
  -- Planned once, when the tables may be empty, and kept as they fill: by index, always.
  SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
  SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  v_stopped boolean;
BEGIN
  IF cardinality(p_items) = 0 THEN
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock_shared(6021, 1);
  v_stopped := (SELECT stopped FROM broker_state);
  PERFORM FROM access_request q WHERE q.id = ANY (p_requests) ORDER BY q.id FOR SHARE;
  RETURN QUERY
  WITH asked AS MATERIALIZED (
    SELECT a.*, q.state, least(q.grant_ends_at, a.ends) AS until, clock_timestamp() AS now,
        i.request_id AS intended, o.number AS earlier
      FROM unnest(p_items, p_issuances, p_requests, p_roles, p_issuers, p_subjects, p_ends,
          p_details)
        AS a (item, issuance, request, role, issuer, subject, ends, detail)
      LEFT JOIN access_request q ON q.id = a.request
      -- By issuance alone: a request may have entries by the thousand.
      LEFT JOIN ledger_entry i ON i.issuance = a.issuance AND i.kind = 'intent'
      LEFT JOIN ledger_entry o ON o.issuance = a.issuance
        AND o.kind IN ('sealed', 'failed', 'unknown', 'orphaned')
  ), judged AS MATERIALIZED (
    SELECT a.*, CASE
        -- An intent that is not there was lost in a fail-over: nothing is sealed without one.
        WHEN a.intended IS DISTINCT FROM a.request OR a.earlier IS NOT NULL THEN 'closed'
        WHEN v_stopped THEN 'stopped'
        WHEN a.state = 'revoked' THEN 'grant_revoked'
        WHEN a.state = 'returned' THEN 'grant_returned'
        WHEN a.state IS DISTINCT FROM 'approved' OR a.now >= a.until THEN 'grant_ended'
        ELSE 'sealed' END AS verdict
      FROM asked a
  ), entries AS MATERIALIZED (
    SELECT j.*, nextval('ledger_number') AS number,
        CASE WHEN j.verdict = 'sealed' THEN 'sealed' ELSE 'unknown' END AS kind,
        CASE WHEN j.verdict = 'sealed' THEN j.detail::jsonb
          ELSE j.detail::jsonb || jsonb_build_object('code', j.verdict) END AS told
      FROM judged j WHERE j.verdict <> 'closed'
  ), bytes AS MATERIALIZED (
    SELECT e.*, entry_bytes(e.number, e.now, e.kind, e.request, e.issuance, e.role, e.issuer,
        e.subject, e.told) AS canonical
      FROM entries e
  ), written AS (
    INSERT INTO ledger_entry
      SELECT b.number, b.now, b.kind, b.request, b.issuance, b.role, b.issuer, b.subject, b.canonical,
          sha256(b.canonical)
        FROM bytes b
  )
  SELECT j.item, j.verdict FROM judged j;
END $$;

-- What end_request does, with all that goes along locked first, in the order of those who issue.
ALTER FUNCTION end_request(text, text, text, text, text, text) RENAME TO end_request_alone;
CREATE FUNCTION end_request(
  p_request text, p_to text, p_issuer text, p_subject text, p_by text, p_reason text
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM FROM access_request q WHERE q.id IN (
      WITH RECURSIVE going AS (
        SELECT p_request AS id
        UNION
        SELECT x.id FROM access_request x JOIN going g ON x.extends_request = g.id
          WHERE p_to = 'revoked')
      SELECT id FROM going)
    ORDER BY q.id FOR NO KEY UPDATE;
  RETURN end_request_alone(p_request, p_to, p_issuer, p_subject, p_by, p_reason);
END $$;

REVOKE EXECUTE ON FUNCTION
  end_request(text, text, text, text, text, text),
  entry_bytes(bigint, timestamptz, text, text, uuid, text, text, text, jsonb),
  record_intents(bigint[], uuid[], text[], integer[], text[], text[], timestamptz[], text[],
    bigint[], text[], text[], bigint[], text[]),
  record_seals(bigint[], uuid[], text[], text[], text[], text[], timestamptz[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  end_request(text, text, text, text, text, text),
  entry_bytes(bigint, timestamptz, text, text, uuid, text, text, text, jsonb),
  record_intents(bigint[], uuid[], text[], integer[], text[], text[], timestamptz[], text[],
    bigint[], text[], text[], bigint[], text[]),
  record_seals(bigint[], uuid[], text[], text[], text[], text[], timestamptz[], text[]) TO ${service_role};
