-- Ending a grant costs the same however much was issued under it. And orphans: no intent is passed by
-- while its commit hangs, and the row of the switch, which all who issue read, is not written for them.
-- What the functions below mean by a name is theirs to say, not their caller's.
SET LOCAL search_path TO ${flyway:defaultSchema}, pg_temp;

-- Where sessions of a grant may be. Written with the first intent of an hour and left alone by all
-- that follow, so that those who issue under one grant neither wait for each other nor leave dead rows.
CREATE TABLE issued_place (
  request_id text        NOT NULL,
  hour       timestamptz NOT NULL,
  cloud      text        NOT NULL,
  place      text        NOT NULL,
  PRIMARY KEY (request_id, hour, cloud, place)
);

-- Of requests that were made before this, intents may be in the ledger alone: ten minutes from now
-- even a call of before that is under way has long come to its end.
CREATE TABLE issued_place_since (
  one boolean     PRIMARY KEY DEFAULT true CHECK (one),
  at  timestamptz NOT NULL
);
INSERT INTO issued_place_since (at)
  SELECT CASE WHEN EXISTS (SELECT FROM access_request)
    THEN clock_timestamp() + interval '10 minutes' ELSE '-infinity' END;

-- What it did, and remembers the places. What open_and_record_intent writes need not be remembered:
-- it is among the first entries of its request.
CREATE OR REPLACE FUNCTION record_intents(
  p_items bigint[], p_issuances uuid[], p_requests text[], p_versions integer[], p_issuers text[], p_subjects text[],
  p_ends timestamptz[], p_details text[],
  p_judged_items bigint[], p_judged_issuers text[], p_judged_subjects text[],
  p_judged_versions bigint[], p_others text[]
) RETURNS TABLE (item bigint, outcome text, recorded_at timestamptz, ends_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
  -- Planned once, when the tables may be empty, and kept as they fill: by index, always.
  SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off
  SET enable_material = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
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
  ), placed AS (
    INSERT INTO issued_place
      SELECT DISTINCT e.request, date_trunc('hour', e.now), e.told ->> 'cloud', e.told ->> 'role_arn'
        FROM entries e WHERE e.kind = 'intent' AND e.told ->> 'role_arn' IS NOT NULL
        -- In one order, as above: who comes second waits for the first one's commit.
        ORDER BY 1, 2, 3, 4
      ON CONFLICT DO NOTHING
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

-- What record_intents does, for one: no intent is written by anything that forgets its place.
CREATE OR REPLACE FUNCTION record_intent(
  p_issuance uuid, p_request text, p_version integer, p_issuer text, p_subject text,
  p_approver_issuers text[], p_approver_subjects text[], p_approver_versions bigint[],
  p_ends timestamptz, p_detail jsonb
) RETURNS TABLE (outcome text, recorded_at timestamptz, ends_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  RETURN QUERY
    SELECT i.outcome, i.recorded_at, i.ends_at
      FROM record_intents(ARRAY[1]::bigint[], ARRAY[p_issuance], ARRAY[p_request],
        ARRAY[p_version], ARRAY[p_issuer], ARRAY[p_subject], ARRAY[p_ends], ARRAY[p_detail::text],
        array_fill(1::bigint, ARRAY[cardinality(p_approver_issuers)]), p_approver_issuers,
        p_approver_subjects, p_approver_versions, '{}') i;
END $$;

-- What it did, without reading all that was issued: of a request with many entries it reads the first
-- ones and what issued_place says. There what was tried counts, whatever came of it.
CREATE OR REPLACE FUNCTION ask_cuts(
  p_request text, p_own boolean, p_grant_ends timestamptz
) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT
  -- By index, always: a request may have entries by the thousand.
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_material = off
  SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  v_now     timestamptz := clock_timestamp();
  -- The last entry that is read; null if all are.
  v_through bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM issued_place_since s, access_request q
      WHERE q.id = p_request AND q.made_at < s.at AND v_now < s.at + interval '25 hours') THEN
    SELECT e.number INTO v_through FROM ledger_entry e
      WHERE e.request_id = p_request ORDER BY e.number OFFSET 99 LIMIT 1;
  END IF;
  WITH intents AS MATERIALIZED (
    SELECT e.issuance, convert_from(e.canonical, 'UTF8')::jsonb -> 'detail' AS detail
      FROM ledger_entry e
      -- Keys live for twelve hours at most, and so does a console that was opened with them.
      WHERE e.request_id = p_request AND e.kind = 'intent'
        AND e.written_at > v_now - interval '25 hours'
        AND e.number <= coalesce(v_through, 9223372036854775807)
  ), places AS (
    SELECT i.detail ->> 'cloud' AS cloud, i.detail ->> 'role_arn' AS place
      FROM intents i
      WHERE i.detail ->> 'role_arn' IS NOT NULL
        AND NOT EXISTS (SELECT FROM ledger_entry o
          WHERE o.issuance = i.issuance AND o.kind = 'failed')
    UNION
    SELECT x.cloud, x.place
      FROM issued_place x
      -- Of an hour the last intent counts.
      WHERE v_through IS NOT NULL AND x.request_id = p_request
        AND x.hour > v_now - interval '26 hours'
  )
  INSERT INTO session_cut (request_id, cloud, place, asked_at, own, until)
    SELECT p_request, p.cloud, p.place, v_now, p_own, p_grant_ends
      FROM places p WHERE p_grant_ends > v_now;
  INSERT INTO cut_place (cloud, place)
    SELECT c.cloud, c.place FROM session_cut c WHERE c.request_id = p_request ORDER BY c.place
    -- What failed before need not fail now.
    ON CONFLICT (cloud, place) DO UPDATE SET next_try = NULL;
END $$;

-- Every intent up to here has its outcome. Not in broker_state: this is written every few seconds, and
-- while somebody holds an old snapshot, whoever reads a row has to pass all that it was since.
CREATE TABLE orphans_closed (
  one     boolean PRIMARY KEY DEFAULT true CHECK (one),
  through bigint  NOT NULL
);
INSERT INTO orphans_closed (through) SELECT closed_through FROM broker_state;
COMMENT ON COLUMN broker_state.closed_through IS 'Not used any more: orphans_closed has it.';

-- Closes intents that never got an outcome. One replica at a time; the others pass by. Goes through
-- the ledger once, from where the last call ended, in pieces, and no further than where every number
-- that was drawn is there to be seen: what comes to be seen below would not be looked at again. Nearly
-- all outcomes are in the piece that has the intent, so a piece is read once, and only what is left is
-- looked up.
CREATE OR REPLACE FUNCTION close_orphans(p_age interval) RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
  -- By index, always: the statistics of a ledger that grows say too little about its end.
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_material = off
  SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  v_before  timestamptz := clock_timestamp() - p_age;
  v_settled bigint;
  v_from    bigint;
  v_through bigint;
  v_last    bigint;
  v_open    uuid[];
  v_size    integer := 1000;
  i         record;
BEGIN
  IF NOT pg_try_advisory_xact_lock(6021, 2) THEN
    RETURN;
  END IF;
  v_settled := ledger_settled();
  SELECT through INTO v_from FROM orphans_closed;
  -- What is more than this is for the next call: a call must come to its end.
  FOR piece IN 1..200 LOOP
    WITH read AS MATERIALIZED (
      SELECT e.number, e.written_at, e.kind, e.issuance FROM ledger_entry e
        WHERE e.number > v_from AND e.number <= v_settled ORDER BY e.number LIMIT v_size
    ), until AS MATERIALIZED (
      SELECT max(r.number) FILTER (WHERE r.written_at < v_before) AS through, max(r.number) AS last
        FROM read r
    )
    SELECT u.through, u.last, ARRAY(
        SELECT r.issuance FROM read r
          WHERE r.kind = 'intent' AND r.number <= u.through
            AND r.issuance NOT IN (SELECT o.issuance FROM read o
              WHERE o.kind IN ('sealed', 'failed', 'unknown', 'orphaned') AND o.issuance IS NOT NULL)
          ORDER BY r.number)
      INTO v_through, v_last, v_open FROM until u;
    IF v_through IS NULL THEN
      EXIT WHEN v_last IS NULL OR v_size = 10000;
      -- Old ones may follow, if a clock was ahead for a moment.
      v_size := 10000;
      CONTINUE;
    END IF;
    FOR i IN SELECT e.issuance, e.request_id, e.role, e.caller_issuer, e.caller_subject
        FROM unnest(v_open) WITH ORDINALITY AS o (issuance, place)
        JOIN ledger_entry e ON e.issuance = o.issuance AND e.kind = 'intent'
        WHERE NOT EXISTS (SELECT FROM ledger_entry x WHERE x.issuance = o.issuance
          AND x.kind IN ('sealed', 'failed', 'unknown', 'orphaned'))
        ORDER BY o.place
    LOOP
      PERFORM append_entry('orphaned', i.request_id, i.issuance, i.role, i.caller_issuer,
        i.caller_subject, '{}');
      RETURN NEXT i.issuance;
    END LOOP;
    v_from := v_through;
    EXIT WHEN v_through < v_last;
  END LOOP;
  UPDATE orphans_closed SET through = v_from WHERE through <> v_from;
END $$;
