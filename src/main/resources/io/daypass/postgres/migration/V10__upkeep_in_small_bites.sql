-- What upkeep takes from those who issue at the same time.
-- What the functions below mean by a name is theirs to say, not their caller's.
SET LOCAL search_path TO ${flyway:defaultSchema}, pg_temp;

-- What is written once and looked up by its key needs no statistics. To make them, a processor was
-- busy for half a second whenever the ledger had grown by a tenth; now for a tenth of that.
ALTER TABLE ledger_entry
  ALTER COLUMN issuance SET STATISTICS 0,
  ALTER COLUMN canonical SET STATISTICS 0,
  ALTER COLUMN sha256 SET STATISTICS 0,
  -- The largest of these says how many rows are read.
  ALTER COLUMN number SET STATISTICS 25,
  ALTER COLUMN written_at SET STATISTICS 25,
  ALTER COLUMN kind SET STATISTICS 25,
  ALTER COLUMN request_id SET STATISTICS 25,
  ALTER COLUMN role SET STATISTICS 25,
  ALTER COLUMN caller_issuer SET STATISTICS 25,
  ALTER COLUMN caller_subject SET STATISTICS 25;
ALTER INDEX ledger_entry_fingerprint ALTER COLUMN 1 SET STATISTICS 0;

-- Closes intents that never got an outcome. One replica at a time; the others pass by. Goes through
-- the ledger once, from where the last call ended, in pieces. Nearly all outcomes are in the piece
-- that has the intent, so a piece is read once, and only what is left is looked up.
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
  v_open    uuid[];
  v_size    integer := 1000;
  i         record;
BEGIN
  IF NOT pg_try_advisory_xact_lock(6021, 2) THEN
    RETURN;
  END IF;
  SELECT closed_through INTO v_from FROM broker_state;
  -- What is more than this is for the next call: a call must come to its end.
  FOR piece IN 1..200 LOOP
    WITH read AS MATERIALIZED (
      SELECT e.number, e.written_at, e.kind, e.issuance FROM ledger_entry e
        WHERE e.number > v_from ORDER BY e.number LIMIT v_size
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
    UPDATE broker_state SET closed_through = v_through;
    EXIT WHEN v_through < v_last;
    v_from := v_through;
  END LOOP;
END $$;
