-- What issuing and its upkeep cost the database.
-- What the functions below mean by a name is theirs to say, not their caller's.
SET LOCAL search_path TO ${flyway:defaultSchema}, pg_temp;

-- Rows are looked up by their keys. A plan that a session made while the ledger was small would else
-- read all of it, once for each statement, to keep it in memory: cheap then, and dear for as long as
-- the session keeps the plan.
ALTER FUNCTION record_intents(bigint[], uuid[], text[], integer[], text[], text[], timestamptz[],
  text[], bigint[], text[], text[], bigint[], text[])
  SET enable_material = off;
ALTER FUNCTION record_intents(bigint[], uuid[], text[], integer[], text[], text[], timestamptz[],
  text[], bigint[], text[], text[], bigint[], text[])
  SET enable_bitmapscan = off;
ALTER FUNCTION record_seals(bigint[], uuid[], text[], text[], text[], text[], timestamptz[], text[])
  SET enable_material = off;
ALTER FUNCTION record_seals(bigint[], uuid[], text[], text[], text[], text[], timestamptz[], text[])
  SET enable_bitmapscan = off;

-- The same value as before. In SQL it was parsed and planned anew for every statement that seals.
CREATE OR REPLACE FUNCTION credential_fingerprint(p_canonical bytea) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN pg_catalog.convert_from(p_canonical, 'UTF8')::pg_catalog.jsonb #>> '{detail,fingerprint}';
END $$;

-- Closes intents that never got an outcome. One replica at a time; the others pass by. Goes through
-- the ledger once, from where the last call ended, in pieces: to look for the newest entry that is
-- old enough would read a minute's worth of younger ones at every call.
CREATE OR REPLACE FUNCTION close_orphans(p_age interval) RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
  -- By index, always: the statistics of a ledger that grows say too little about its end.
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_material = off
  SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  v_before  timestamptz := clock_timestamp() - p_age;
  v_from    bigint;
  v_through bigint;
  v_last    bigint;
  i         record;
BEGIN
  IF NOT pg_try_advisory_xact_lock(6021, 2) THEN
    RETURN;
  END IF;
  SELECT closed_through INTO v_from FROM broker_state;
  -- What is more than this is for the next call: a call must come to its end.
  FOR piece IN 1..20 LOOP
    SELECT max(c.number) FILTER (WHERE c.written_at < v_before), max(c.number)
      INTO v_through, v_last
      FROM (SELECT e.number, e.written_at FROM ledger_entry e
        WHERE e.number > v_from ORDER BY e.number LIMIT 10000) c;
    EXIT WHEN v_through IS NULL;
    FOR i IN SELECT e.issuance, e.request_id, e.role, e.caller_issuer, e.caller_subject
        -- All kinds inside, or the index of intents would be read from its beginning.
        FROM (SELECT * FROM ledger_entry p
          WHERE p.number > v_from AND p.number <= v_through ORDER BY p.number LIMIT 10000) e
        WHERE e.kind = 'intent'
          AND NOT EXISTS (SELECT FROM ledger_entry o WHERE o.issuance = e.issuance
            AND o.kind IN ('sealed', 'failed', 'unknown', 'orphaned'))
    LOOP
      PERFORM append_entry('orphaned', i.request_id, i.issuance, i.role, i.caller_issuer,
        i.caller_subject, '{}');
      RETURN NEXT i.issuance;
    END LOOP;
    UPDATE broker_state SET closed_through = v_through;
    EXIT WHEN v_through < v_last;
    v_from := v_through;
  END LOOP;
END $$;
