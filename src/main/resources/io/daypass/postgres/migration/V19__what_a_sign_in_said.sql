-- How somebody signed in is true of that sign-in only: of the session it began, and of the decisions
-- made with it. It stood with the person, where the next token of theirs, from wherever, wrote over it.
-- What the functions below mean by a name is theirs to say, not their caller's.
SET LOCAL search_path TO ${flyway:defaultSchema}, pg_temp;

-- What the ID token said that began the session, and when it was issued.
ALTER TABLE web_session ADD COLUMN identity jsonb, ADD COLUMN said_at timestamptz;
-- Of these nobody knows: their people sign in once more.
DELETE FROM web_session;
ALTER TABLE web_session ALTER COLUMN identity SET NOT NULL, ALTER COLUMN said_at SET NOT NULL;

-- False if the person is suspended. The row of the person is held, so that a suspension either is
-- seen here or finds the session and ends it.
CREATE FUNCTION open_session(
  p_sha256 text, p_issuer text, p_subject text, p_iss text, p_signed_in_at timestamptz,
  p_strength text[], p_until timestamptz, p_longest interval, p_replaces text, p_identity jsonb,
  p_said_at timestamptz
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  v_now timestamptz;
BEGIN
  PERFORM 1 FROM person p
    WHERE p.issuer = p_issuer AND p.subject = p_subject AND NOT p.suspended FOR SHARE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  v_now := clock_timestamp();
  DELETE FROM web_session WHERE sha256 = p_replaces;
  INSERT INTO web_session (sha256, issuer, subject, iss, signed_in_at, strength, used_at, ends_at,
      identity, said_at)
    VALUES (p_sha256, p_issuer, p_subject, p_iss, p_signed_in_at, p_strength, v_now,
      least(p_until, v_now + p_longest), p_identity, p_said_at);
  RETURN true;
END $$;

-- For replicas that are not yet of this version: they have just written the person.
CREATE OR REPLACE FUNCTION open_session(
  p_sha256 text, p_issuer text, p_subject text, p_iss text, p_signed_in_at timestamptz,
  p_strength text[], p_until timestamptz, p_longest interval, p_replaces text
) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT coalesce((SELECT open_session(p_sha256, p_issuer, p_subject, p_iss, p_signed_in_at,
      p_strength, p_until, p_longest, p_replaces, p.identity, p.token_issued_at)
    FROM person p WHERE p.issuer = p_issuer AND p.subject = p_subject), false)
$$;

-- What it did, with what the session's own sign-in said: less the groups that a newer token of the
-- person does not name any more. What it names besides, its own session has.
CREATE OR REPLACE FUNCTION use_session(p_sha256 text, p_idle interval, p_by_a_person boolean)
RETURNS TABLE (
  sha256 text, identity jsonb, iss text, said_at timestamptz, ends_at timestamptz,
  signed_in_at timestamptz, strength text[]
) LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
  UPDATE web_session s
    SET used_at = CASE WHEN p_by_a_person THEN clock_timestamp() ELSE s.used_at END
    FROM person p
    WHERE s.sha256 = p_sha256 AND p.issuer = s.issuer AND p.subject = s.subject
      AND NOT p.suspended
      AND s.ends_at > clock_timestamp() AND s.used_at > clock_timestamp() - p_idle
    RETURNING s.sha256,
      CASE WHEN p.token_issued_at <= s.said_at THEN s.identity
        ELSE jsonb_set(s.identity, '{groups}', (
          SELECT coalesce(jsonb_agg(g.name ORDER BY g.place), '[]')
            FROM jsonb_array_elements_text(s.identity -> 'groups') WITH ORDINALITY AS g (name, place)
            WHERE p.identity -> 'groups' ? g.name)) END,
      s.iss, s.said_at, s.ends_at, s.signed_in_at, s.strength
$$;

-- What the approver's token said of its sign-in; null for votes of before.
ALTER TABLE approval ADD COLUMN sign_in jsonb;

-- What it did, keeping p_sign_in with the vote; how strong and how old the sign-in was stands in the
-- entry.
CREATE FUNCTION record_vote(
  p_request text, p_version integer, p_issuer text, p_subject text, p_verdict text, p_comment text,
  p_shortened_to_s bigint, p_digest text, p_completes boolean, p_agreed_s bigint, p_sign_in jsonb
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
    p_shortened_to_s, p_digest, v_now, p_sign_in);
  PERFORM append_entry(CASE WHEN p_verdict = 'deny' THEN 'denied' ELSE 'approved' END,
    p_request, NULL, r.role, p_issuer, p_subject,
    jsonb_build_object('comment', p_comment, 'shortened_to_s', p_shortened_to_s, 'digest', p_digest,
      'completes', p_verdict = 'approve' AND p_completes,
      'grant_starts_at', v_starts, 'grant_ends_at', v_ends)
      || jsonb_strip_nulls(jsonb_build_object('sign_in', nullif(jsonb_strip_nulls(
        jsonb_build_object('acr', p_sign_in -> 'acr', 'amr', p_sign_in -> 'amr',
          'auth_time', p_sign_in -> 'auth_time')), '{}'))));
  PERFORM pg_notify('daypass', 'request ' || p_request);
  RETURN 'counted';
END $$;

CREATE OR REPLACE FUNCTION record_vote(
  p_request text, p_version integer, p_issuer text, p_subject text, p_verdict text, p_comment text,
  p_shortened_to_s bigint, p_digest text, p_completes boolean, p_agreed_s bigint
) RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT record_vote(p_request, p_version, p_issuer, p_subject, p_verdict, p_comment,
    p_shortened_to_s, p_digest, p_completes, p_agreed_s, NULL)
$$;

REVOKE EXECUTE ON FUNCTION
  open_session(text, text, text, text, timestamptz, text[], timestamptz, interval, text, jsonb,
    timestamptz),
  record_vote(text, integer, text, text, text, text, bigint, text, boolean, bigint, jsonb)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  open_session(text, text, text, text, timestamptz, text[], timestamptz, interval, text, jsonb,
    timestamptz),
  record_vote(text, integer, text, text, text, text, bigint, text, boolean, bigint, jsonb)
  TO ${service_role};
