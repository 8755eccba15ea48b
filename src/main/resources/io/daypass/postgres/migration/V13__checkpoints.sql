-- Checkpoints of the ledger: that it began with just these entries.
-- What the functions below mean by a name is theirs to say, not their caller's.
SET LOCAL search_path TO ${flyway:defaultSchema}, pg_temp;

CREATE TABLE ledger_checkpoint (
  sequence bigint      PRIMARY KEY CHECK (sequence > 0),
  -- All entries up to this number are in it, and no later one.
  through  bigint      NOT NULL,
  origin   text        NOT NULL,
  size     bigint      NOT NULL,
  root     text        NOT NULL,
  -- Of the Merkle tree: the roots of its complete subtrees, to go on from.
  edge     text        NOT NULL,
  signed   text        NOT NULL,
  at       timestamptz NOT NULL
);

-- The newest checkpoint, how old it is, and the entries after it if they are due. Numbers are drawn
-- before their entries are there for all to see, and not in the order in which they come to be seen:
-- so whoever has drawn one by now is waited for. They hold the sequence locked until they are done;
-- those who draw later draw larger numbers. If they take too long, nothing is due yet.
CREATE FUNCTION ledger_growth(
  p_pace_s double precision, p_renewal_s double precision, p_most integer
) RETURNS TABLE (
  sequence bigint, through bigint, origin text, size bigint, root text, edge text, signed text,
  at timestamptz, age_s double precision, more_through bigint, leaves text, is_all boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
  -- By number, always.
  SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  v_drawn    bigint;
  v_drawing  text[];
  v_after    bigint;
  v_count    bigint;
  v_last     bigint;
BEGIN
  SELECT c.* INTO sequence, through, origin, size, root, edge, signed, at
    FROM ledger_checkpoint c ORDER BY c.sequence DESC LIMIT 1;
  v_after := coalesce(through, 0);
  -- Null where there is none yet: then what there is is due.
  age_s := extract(epoch FROM clock_timestamp() - at);
  IF age_s < p_pace_s THEN
    RETURN NEXT;
    RETURN;
  END IF;
  SELECT CASE WHEN n.is_called THEN n.last_value ELSE 0 END INTO v_drawn FROM ledger_number n;
  v_drawing := ARRAY(SELECT l.virtualtransaction FROM pg_locks l
    WHERE l.locktype = 'relation' AND l.relation = 'ledger_number'::regclass
      AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
      AND l.mode = 'RowExclusiveLock');
  FOR turn IN 1..50 LOOP
    EXIT WHEN NOT EXISTS (SELECT FROM pg_locks l
      WHERE l.locktype = 'relation' AND l.relation = 'ledger_number'::regclass
        AND l.virtualtransaction = ANY (v_drawing));
    IF turn = 50 THEN
      RETURN NEXT;
      RETURN;
    END IF;
    PERFORM pg_sleep(0.01);
  END LOOP;
  -- A leaf's hash as RFC 9162 has it (section 2.1.1).
  SELECT count(*), max(e.number),
      encode(string_agg(sha256('\x00'::bytea || e.canonical), ''::bytea ORDER BY e.number), 'hex')
    INTO v_count, v_last, leaves
    FROM (SELECT x.number, x.canonical FROM ledger_entry x
      WHERE x.number > v_after AND x.number <= v_drawn ORDER BY x.number LIMIT p_most) e;
  IF v_count > 0 OR age_s >= p_renewal_s THEN
    is_all := v_count < p_most;
    more_through := CASE WHEN is_all THEN greatest(v_drawn, v_after) ELSE v_last END;
    leaves := coalesce(leaves, '');
  ELSE
    leaves := NULL;
  END IF;
  RETURN NEXT;
END $$;

-- Keeps the checkpoint that follows the newest; null if that is another one by now.
CREATE FUNCTION keep_checkpoint(
  p_sequence bigint, p_through bigint, p_origin text, p_size bigint, p_root text, p_edge text,
  p_signed text
) RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  v_newest ledger_checkpoint;
  v_now    timestamptz;
BEGIN
  -- One at a time; those who only read wait for nobody.
  PERFORM pg_advisory_xact_lock(6021, 4);
  SELECT * INTO v_newest FROM ledger_checkpoint c ORDER BY c.sequence DESC LIMIT 1;
  IF coalesce(v_newest.sequence, 0) <> p_sequence - 1 THEN
    RETURN NULL;
  END IF;
  IF p_size < v_newest.size OR p_through < v_newest.through THEN
    RAISE EXCEPTION 'a ledger does not become shorter';
  END IF;
  v_now := clock_timestamp();
  INSERT INTO ledger_checkpoint
    VALUES (p_sequence, p_through, p_origin, p_size, p_root, p_edge, p_signed, v_now);
  RETURN v_now;
END $$;

GRANT SELECT ON ledger_checkpoint TO ${service_role};
REVOKE EXECUTE ON FUNCTION ledger_growth(double precision, double precision, integer),
  keep_checkpoint(bigint, bigint, text, bigint, text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_growth(double precision, double precision, integer),
  keep_checkpoint(bigint, bigint, text, bigint, text, text, text) TO ${service_role};
