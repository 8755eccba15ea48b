-- Telling people: what is to be told is written in the transaction that makes it happen. Automatic
-- issuances write nothing here: no trigger below fires for them.
-- What the functions below mean by a name is theirs to say, not their caller's.
SET LOCAL search_path TO ${flyway:defaultSchema}, pg_temp;

CREATE TABLE notice (
  -- Stays the same however often it is delivered: receivers drop repeats by it.
  id         uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
  kind       text        NOT NULL,
  at         timestamptz NOT NULL,
  request_id text        REFERENCES access_request (id),
  issuance   uuid,
  role       text,
  by_issuer  text,
  by_subject text,
  detail     jsonb       NOT NULL DEFAULT '{}',
  -- When it was laid out for the channels; null until a replica has done that.
  spread_at  timestamptz
);
CREATE INDEX notice_new ON notice (at) WHERE spread_at IS NULL;
CREATE INDEX notice_time ON notice (at);

-- A notice on its way over one channel.
CREATE TABLE notice_delivery (
  notice    uuid        NOT NULL REFERENCES notice (id) ON DELETE CASCADE,
  channel   text        NOT NULL,
  state     text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'given_up')),
  tries     integer     NOT NULL DEFAULT 0,
  -- While somebody has it, the end of their lease.
  next_try  timestamptz NOT NULL,
  claim     uuid,
  last_code text,
  done_at   timestamptz,
  PRIMARY KEY (notice, channel)
);
CREATE INDEX notice_delivery_waiting ON notice_delivery (channel, next_try) WHERE state = 'waiting';

-- A request lapses by the clock alone: up to when that has been told of.
CREATE TABLE notice_state (
  one            boolean     PRIMARY KEY DEFAULT true CHECK (one),
  lapses_through timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO notice_state DEFAULT VALUES;
CREATE INDEX access_request_lapses ON access_request (lapses_at) WHERE state = 'pending';

CREATE FUNCTION notice_of_request() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO notice (kind, at, request_id, role)
    VALUES (CASE NEW.state WHEN 'pending' THEN 'waiting' ELSE NEW.state END, clock_timestamp(),
      NEW.id, NEW.role);
  PERFORM pg_notify('daypass', 'notices');
  RETURN NULL;
END $$;

CREATE TRIGGER access_request_waits AFTER INSERT ON access_request
  FOR EACH ROW WHEN (NEW.state = 'pending') EXECUTE FUNCTION notice_of_request();
CREATE TRIGGER access_request_decided AFTER UPDATE OF state ON access_request
  FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION notice_of_request();

CREATE FUNCTION notice_of_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  v_detail jsonb := convert_from(NEW.canonical, 'UTF8')::jsonb -> 'detail';
BEGIN
  INSERT INTO notice (kind, at, request_id, issuance, role, by_issuer, by_subject, detail)
    VALUES (CASE NEW.kind WHEN 'binding_stuck' THEN 'cleanup_stuck' WHEN 'stop' THEN 'stopped'
        WHEN 'resume' THEN 'resumed' ELSE NEW.kind END,
      NEW.written_at, NEW.request_id, NEW.issuance, NEW.role,
      CASE WHEN NEW.kind IN ('stop', 'resume') THEN NEW.caller_issuer END,
      CASE WHEN NEW.kind IN ('stop', 'resume') THEN NEW.caller_subject END,
      -- Where a source address or a place in a cloud stands in the ledger, it stays there.
      jsonb_strip_nulls(jsonb_build_object('reason', v_detail ->> 'reason',
        'cloud', v_detail ->> 'cloud', 'code', v_detail ->> 'code', 'tries', v_detail ->> 'tries')));
  PERFORM pg_notify('daypass', 'notices');
  RETURN NULL;
END $$;

CREATE TRIGGER ledger_entry_told AFTER INSERT ON ledger_entry
  FOR EACH ROW WHEN (NEW.kind IN ('orphaned', 'binding_stuck', 'stop', 'resume'))
  EXECUTE FUNCTION notice_of_entry();

-- Notices of requests that lapsed since the last call. For p_settle_s a decision that came in time
-- may still be on its way to its commit. One replica at a time; the others pass by.
CREATE FUNCTION note_lapses(p_settle_s double precision) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  v_until timestamptz := clock_timestamp() - make_interval(secs => p_settle_s);
  v_from  timestamptz;
  v_count integer := 0;
  r       record;
BEGIN
  SELECT lapses_through INTO v_from FROM notice_state FOR NO KEY UPDATE SKIP LOCKED;
  IF NOT FOUND OR v_until <= v_from THEN
    RETURN 0;
  END IF;
  -- Shared: whoever decides on one of them is waited for, and what they decided is seen.
  FOR r IN SELECT q.id, q.role, q.lapses_at FROM access_request q
      WHERE q.state = 'pending' AND q.lapses_at > v_from AND q.lapses_at <= v_until
      ORDER BY q.id FOR SHARE
  LOOP
    INSERT INTO notice (kind, at, request_id, role) VALUES ('lapsed', r.lapses_at, r.id, r.role);
    v_count := v_count + 1;
  END LOOP;
  UPDATE notice_state SET lapses_through = v_until;
  IF v_count > 0 THEN
    PERFORM pg_notify('daypass', 'notices');
  END IF;
  RETURN v_count;
END $$;

-- Lays out what is new for the channels: p_channels and p_kinds together are the pairs of a channel
-- and a kind that it tells of.
CREATE FUNCTION spread_notices(p_channels text[], p_kinds text[], p_limit integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  v_now timestamptz := clock_timestamp();
  v_new uuid[];
BEGIN
  SELECT array_agg(n.id) INTO v_new FROM (
    SELECT x.id FROM notice x WHERE x.spread_at IS NULL
      ORDER BY x.at LIMIT p_limit FOR NO KEY UPDATE SKIP LOCKED) n;
  IF v_new IS NULL THEN
    RETURN 0;
  END IF;
  INSERT INTO notice_delivery (notice, channel, next_try)
    SELECT n.id, w.channel, v_now
      FROM notice n JOIN unnest(p_channels, p_kinds) AS w (channel, kind) ON w.kind = n.kind
      WHERE n.id = ANY (v_new);
  UPDATE notice SET spread_at = v_now WHERE id = ANY (v_new);
  RETURN cardinality(v_new);
END $$;

-- Takes on what is due on a channel, for one who will be done within p_lease_s. Nobody else is given
-- it meanwhile; after that it comes again.
CREATE FUNCTION claim_notices(p_channel text, p_limit integer, p_lease_s double precision)
RETURNS TABLE (notice uuid, claim uuid, tries integer, kind text, at timestamptz, request text,
  issuance uuid, role text, by_issuer text, by_subject text, detail jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  v_now timestamptz := clock_timestamp();
BEGIN
  RETURN QUERY
    WITH due AS MATERIALIZED (
      SELECT d.notice AS id FROM notice_delivery d
        WHERE d.channel = p_channel AND d.state = 'waiting' AND d.next_try <= v_now
        ORDER BY d.next_try LIMIT p_limit
        FOR NO KEY UPDATE SKIP LOCKED)
    UPDATE notice_delivery u SET tries = u.tries + 1, claim = gen_random_uuid(),
        next_try = v_now + make_interval(secs => p_lease_s)
      FROM due JOIN notice n ON n.id = due.id
      WHERE u.notice = due.id AND u.channel = p_channel
      RETURNING n.id, u.claim, u.tries, n.kind, n.at, n.request_id, n.issuance, n.role, n.by_issuer,
        n.by_subject, n.detail;
END $$;

-- It was taken at the other end, which is so whoever has it by now.
CREATE FUNCTION notice_delivered(p_notice uuid, p_channel text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  UPDATE notice_delivery SET state = 'delivered', done_at = clock_timestamp(), claim = NULL,
      last_code = NULL
    WHERE notice = p_notice AND channel = p_channel AND state <> 'delivered';
END $$;

-- It was not; it is tried again after p_pause_s, unless it is p_patience_s old. Answers again |
-- given_up | closed (somebody else has it, or it is done).
CREATE FUNCTION notice_not_delivered(
  p_notice uuid, p_channel text, p_claim uuid, p_code text, p_pause_s double precision,
  p_patience_s double precision
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  v_now  timestamptz := clock_timestamp();
  v_over boolean := (SELECT n.at + make_interval(secs => p_patience_s) <= v_now
    FROM notice n WHERE n.id = p_notice);
BEGIN
  UPDATE notice_delivery SET claim = NULL, last_code = p_code,
      state = CASE WHEN v_over THEN 'given_up' ELSE state END,
      done_at = CASE WHEN v_over THEN v_now END,
      next_try = v_now + make_interval(secs => p_pause_s)
    WHERE notice = p_notice AND channel = p_channel AND claim = p_claim AND state = 'waiting';
  IF NOT FOUND THEN
    RETURN 'closed';
  END IF;
  RETURN CASE WHEN v_over THEN 'given_up' ELSE 'again' END;
END $$;

-- Gives up what waits for a channel that nobody has any more, and forgets what is done and p_keep_s
-- old. Answers the channel of each notice given up.
CREATE FUNCTION forget_notices(p_patience_s double precision, p_keep_s double precision)
RETURNS SETOF text LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  v_now timestamptz := clock_timestamp();
BEGIN
  RETURN QUERY
    UPDATE notice_delivery d SET state = 'given_up', done_at = v_now, claim = NULL,
        last_code = coalesce(d.last_code, 'no_such_channel')
      WHERE d.state = 'waiting' AND d.next_try <= v_now - interval '1 hour'
        AND (SELECT n.at FROM notice n WHERE n.id = d.notice)
          <= v_now - make_interval(secs => p_patience_s)
      RETURNING d.channel;
  DELETE FROM notice n WHERE n.id IN (
    SELECT x.id FROM notice x
      WHERE x.at <= v_now - make_interval(secs => p_keep_s) AND x.spread_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM notice_delivery d WHERE d.notice = x.id AND d.state = 'waiting')
      ORDER BY x.at LIMIT 1000);
END $$;

GRANT SELECT ON notice, notice_delivery, notice_state TO ${service_role};
REVOKE EXECUTE ON FUNCTION notice_of_request(), notice_of_entry(), note_lapses(double precision),
  spread_notices(text[], text[], integer), claim_notices(text, integer, double precision),
  notice_delivered(uuid, text),
  notice_not_delivered(uuid, text, uuid, text, double precision, double precision),
  forget_notices(double precision, double precision) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION note_lapses(double precision),
  spread_notices(text[], text[], integer), claim_notices(text, integer, double precision),
  notice_delivered(uuid, text),
  notice_not_delivered(uuid, text, uuid, text, double precision, double precision),
  forget_notices(double precision, double precision) TO ${service_role};
