-- An end that was planned while the ledger was small read all intents of a ledger that had grown since,
-- or all outcomes for each of them: with little to read, an index of another kind is as good as the key.
-- What the function below means by a name is its to say, not its caller's.
SET LOCAL search_path TO ${flyway:defaultSchema}, pg_temp;

-- What it did. Entries are found by request and number, as a range of both: no other index serves that,
-- whatever the statistics say. Their kind is looked at afterwards, or an index of that kind would do;
-- and an outcome is asked for by itself, or it would be joined.
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
      WHERE (e.request_id, e.number) >= (p_request, 0) AND e.request_id <= p_request
      ORDER BY e.request_id, e.number OFFSET 99 LIMIT 1;
  END IF;
  WITH first_ones AS MATERIALIZED (
    SELECT e.kind, e.issuance, e.written_at,
        CASE WHEN e.kind = 'intent' THEN convert_from(e.canonical, 'UTF8')::jsonb -> 'detail' END
          AS detail
      FROM ledger_entry e
      WHERE (e.request_id, e.number) >= (p_request, 0) AND e.request_id <= p_request
        AND (e.request_id, e.number) <= (p_request, coalesce(v_through, 9223372036854775807))
  ), places AS (
    SELECT i.detail ->> 'cloud' AS cloud, i.detail ->> 'role_arn' AS place
      FROM first_ones i
      -- Keys live for twelve hours at most, and so does a console that was opened with them.
      WHERE i.kind = 'intent' AND i.written_at > v_now - interval '25 hours'
        AND i.detail ->> 'role_arn' IS NOT NULL
        AND NOT coalesce((SELECT bool_or(o.kind = 'failed') FROM ledger_entry o
          WHERE o.issuance = i.issuance
            AND o.kind IN ('sealed', 'failed', 'unknown', 'orphaned')), false)
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
