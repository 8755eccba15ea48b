-- Requests that machines' tokens open at the same time, each with its first intent, share a statement
-- and a commit; each is judged for itself. open_and_record_intent stays for all others.
-- What the functions below mean by a name is theirs to say, not their caller's.
SET LOCAL search_path TO ${flyway:defaultSchema}, pg_temp;

-- What open_and_record_intent does for each of these: requests that their rule approves at once, opened
-- by a token, which continue nothing, start at once and have no idempotency key. Anything else in one
-- of them is an error of all. An item is the place in p_openings, from 1 on.
CREATE FUNCTION open_and_record_intents(p_issuances uuid[], p_openings text[], p_details text[])
RETURNS TABLE (item bigint, outcome text, request text, made_at timestamptz, recorded_at timestamptz,
  starts_at timestamptz, ends_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
  -- Planned once, when the tables may be empty, and kept as they fill: by index, always.
  SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off
  SET enable_material = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  v_stopped boolean := issuing_is_stopped();
  v_opened  text[] := '{}';
  v_now     timestamptz;
BEGIN
  IF EXISTS (SELECT FROM unnest(p_openings) AS o (opening), jsonb_to_record(o.opening::jsonb)
        AS a (automatic boolean, lines jsonb, starts_at text, idempotency_key text, extends text)
      WHERE a.automatic IS NOT TRUE OR a.lines <> '[]' OR a.lines IS NULL
        OR coalesce(a.starts_at, a.idempotency_key, a.extends) IS NOT NULL) THEN
    RAISE EXCEPTION 'one of these is not opened by its rule and a token alone';
  END IF;
  IF NOT v_stopped THEN
    v_now := clock_timestamp();
    WITH spent AS (
      INSERT INTO seen_token AS t (token_key, scope, request_id, expires_at)
        -- Of those who show one token the first has it; the others meet what it opened.
        SELECT DISTINCT ON (a.token_key, a.token_scope)
            a.token_key, a.token_scope, a.id, a.token_expires_at
          FROM unnest(p_openings) WITH ORDINALITY AS o (opening, item),
            jsonb_to_record(o.opening::jsonb) AS a (id text, token_key text, token_scope text,
              token_expires_at timestamptz)
          -- In one order, so that nobody waits for somebody who waits for them.
          ORDER BY a.token_key, a.token_scope, o.item
        ON CONFLICT (token_key, scope) DO UPDATE SET request_id = excluded.request_id
          -- A reusable token may open again what time alone has ended, never what people ended.
          WHERE t.scope <> '' AND EXISTS (SELECT FROM access_request r WHERE r.id = t.request_id
            AND ((r.state = 'approved' AND r.grant_ends_at <= v_now)
              OR (r.state = 'pending' AND r.lapses_at <= v_now)))
        RETURNING t.request_id)
    SELECT coalesce(array_agg(s.request_id), '{}') INTO v_opened FROM spent s;
  END IF;
  -- A statement of its own: its snapshot has what whoever was waited for above has opened.
  v_now := clock_timestamp();
  RETURN QUERY
  WITH asked AS MATERIALIZED (
    SELECT o.item, o.issuance, o.detail::jsonb AS told, a.*,
        a.requester ->> 'issuer' AS issuer, a.requester ->> 'subject' AS subject,
        date_trunc('second', v_now) AS starts,
        date_trunc('second', v_now) + make_interval(secs => a.duration_s::double precision) AS ends
      FROM unnest(p_issuances, p_openings, p_details) WITH ORDINALITY
          AS o (issuance, opening, detail, item),
        jsonb_to_record(o.opening::jsonb) AS a (id text, requester jsonb, role text, duration_s bigint,
          reason text, ticket text, rule text, policy_digest text, role_digest text, digest text,
          lapse_after_s bigint, token_key text, token_scope text)
  ), judged AS MATERIALIZED (
    SELECT a.*, CASE
        WHEN v_stopped THEN 'stopped'
        WHEN a.id = ANY (v_opened) THEN 'made'
        WHEN a.token_scope = '' THEN 'token_already_used'
        ELSE 'token_bound' END AS verdict
      FROM asked a
  ), met AS MATERIALIZED (
    SELECT j.*, CASE WHEN j.verdict = 'made' THEN j.id
        WHEN NOT v_stopped THEN (SELECT t.request_id FROM seen_token t
          WHERE t.token_key = j.token_key AND t.scope = j.token_scope) END AS request
      FROM judged j
  ), opened AS (
    INSERT INTO access_request (id, requester_issuer, requester_subject, requester, role, duration_s,
        reason, ticket, rule, lines, policy_digest, role_digest, digest, state, made_at, lapses_at,
        grant_starts_at, grant_ends_at, token_key)
      SELECT m.id, m.issuer, m.subject, m.requester, m.role, m.duration_s, m.reason, m.ticket, m.rule,
          '[]', m.policy_digest, m.role_digest, m.digest, 'approved', v_now,
          v_now + make_interval(secs => m.lapse_after_s::double precision), m.starts, m.ends, m.token_key
        FROM met m WHERE m.verdict = 'made'
  ), steps AS (
    SELECT m.item, 1 AS step, 'request_made' AS kind, NULL::uuid AS issuance, jsonb_build_object(
        'duration_s', m.duration_s, 'reason', m.reason, 'ticket', m.ticket, 'digest', m.digest,
        'requester', m.requester) AS told
      FROM met m WHERE m.verdict = 'made'
    UNION ALL
    SELECT m.item, 2, 'decided_by_rule', NULL, jsonb_build_object(
        'rule', m.rule, 'automatic', true, 'lines', '[]'::jsonb, 'role_digest', m.role_digest,
        'grant_starts_at', m.starts, 'grant_ends_at', m.ends)
      FROM met m WHERE m.verdict = 'made'
    UNION ALL
    SELECT m.item, 3, 'intent', m.issuance, m.told || jsonb_build_object('ends_at', m.ends)
      FROM met m WHERE m.verdict = 'made'
    UNION ALL
    SELECT m.item, 3, 'refused', NULL, m.told || jsonb_build_object('code', m.verdict)
      FROM met m WHERE m.verdict IN ('stopped', 'token_already_used')
  ), numbered AS MATERIALIZED (
    SELECT s.*, nextval('ledger_number') AS number, clock_timestamp() AS at
      FROM (SELECT * FROM steps ORDER BY steps.item, steps.step) s
  ), bytes AS MATERIALIZED (
    SELECT n.*, m.request, m.role, m.issuer, m.subject, entry_bytes(n.number, n.at, n.kind, m.request,
        n.issuance, m.role, m.issuer, m.subject,
        jsonb_build_object('policies', m.policy_digest) || n.told) AS canonical
      FROM numbered n JOIN met m ON m.item = n.item
  ), written AS (
    INSERT INTO ledger_entry
      SELECT b.number, b.at, b.kind, b.request, b.issuance, b.role, b.issuer, b.subject, b.canonical,
          sha256(b.canonical)
        FROM bytes b ORDER BY b.number
  )
  SELECT m.item, m.verdict, m.request, CASE WHEN m.verdict = 'made' THEN v_now END, b.at,
      CASE WHEN m.verdict = 'made' THEN m.starts END, CASE WHEN m.verdict = 'made' THEN m.ends END
    FROM met m LEFT JOIN bytes b ON b.item = m.item AND b.kind = 'intent';
END $$;

REVOKE EXECUTE ON FUNCTION open_and_record_intents(uuid[], text[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_and_record_intents(uuid[], text[], text[]) TO ${service_role};
