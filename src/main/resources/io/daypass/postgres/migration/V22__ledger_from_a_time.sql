-- Where a time begins in the ledger.
SET LOCAL search_path TO ${flyway:defaultSchema}, pg_temp;

-- A number that no entry written at p_since or later is below: by bisection over the numbers, so that
-- a ledger of any size is looked at some thirty times. Numbers have gaps, and are drawn a little before
-- their entries are stamped: an entry that is older by more than a minute has only older ones before it.
CREATE FUNCTION ledger_begins(p_since timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT
  SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  v_low  bigint;
  v_high bigint;
  v_mid  bigint;
  e      record;
BEGIN
  SELECT min(l.number), max(l.number) + 1 INTO v_low, v_high FROM ledger_entry l;
  WHILE v_low < v_high LOOP
    v_mid := v_low + (v_high - v_low) / 2;
    SELECT l.number, l.written_at INTO e FROM ledger_entry l
      WHERE l.number >= v_mid ORDER BY l.number LIMIT 1;
    IF e.written_at + interval '1 minute' < p_since THEN
      v_low := e.number + 1;
    ELSE
      v_high := v_mid;
    END IF;
  END LOOP;
  RETURN coalesce(v_low, 0);
END $$;

REVOKE EXECUTE ON FUNCTION ledger_begins(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_begins(timestamptz) TO ${service_role};
