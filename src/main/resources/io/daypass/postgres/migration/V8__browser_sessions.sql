-- What the functions below mean by a name is theirs to say, not their caller's.
SET LOCAL search_path TO ${flyway:defaultSchema}, pg_temp;

-- Sign-ins under way, for any replica to finish. State and cookie are kept as digests; what ties the
-- issuer's answer to its question (nonce, PKCE) is worth nothing without them and the client's secret.
CREATE TABLE sign_in (
  state_sha256   text        PRIMARY KEY CHECK (state_sha256 ~ '^[0-9a-f]{64}$'),
  browser_sha256 text        NOT NULL CHECK (browser_sha256 ~ '^[0-9a-f]{64}$'),
  issuer         text        NOT NULL,
  iss            text        NOT NULL,
  nonce          text        NOT NULL,
  verifier       text        NOT NULL,
  return_to      text        NOT NULL CHECK (return_to ~ '^/([^/\\]|$)' AND length(return_to) <= 512),
  fresh          boolean     NOT NULL,
  session_sha256 text,
  person_issuer  text,
  person_subject text,
  begun_at       timestamptz NOT NULL
);
CREATE INDEX sign_in_age ON sign_in (begun_at);

-- Sessions of browsers. Who somebody is stands with the person, as their latest token said.
CREATE TABLE web_session (
  sha256       text        PRIMARY KEY CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  issuer       text        NOT NULL,
  subject      text        NOT NULL,
  iss          text        NOT NULL,
  signed_in_at timestamptz,
  strength     text[]      NOT NULL,
  used_at      timestamptz NOT NULL,
  ends_at      timestamptz NOT NULL,
  FOREIGN KEY (issuer, subject) REFERENCES person (issuer, subject)
);
CREATE INDEX web_session_person ON web_session (issuer, subject);
CREATE INDEX web_session_end ON web_session (ends_at);

CREATE FUNCTION begin_sign_in(
  p_state text, p_browser text, p_issuer text, p_iss text, p_nonce text, p_verifier text, p_to text,
  p_fresh boolean, p_session text, p_person_issuer text, p_person_subject text
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
  INSERT INTO sign_in VALUES (p_state, p_browser, p_issuer, p_iss, p_nonce, p_verifier, p_to,
    p_fresh, p_session, p_person_issuer, p_person_subject, clock_timestamp())
$$;

-- Once: of two that come with the same state, one deletes the row and the other finds none. A
-- browser or an issuer that is not the right one leaves it alone.
CREATE FUNCTION take_sign_in(p_state text, p_browser text, p_issuer text, p_patience interval)
RETURNS SETOF sign_in LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
  DELETE FROM sign_in
    WHERE state_sha256 = p_state AND browser_sha256 = p_browser AND issuer = p_issuer
      AND begun_at > clock_timestamp() - p_patience
    RETURNING *
$$;

-- False if the person is suspended. The row of the person is held, so that a suspension either is
-- seen here or finds the session and ends it.
CREATE FUNCTION open_session(
  p_sha256 text, p_issuer text, p_subject text, p_iss text, p_signed_in_at timestamptz,
  p_strength text[], p_until timestamptz, p_longest interval, p_replaces text
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
  INSERT INTO web_session VALUES (p_sha256, p_issuer, p_subject, p_iss, p_signed_in_at, p_strength,
    v_now, least(p_until, v_now + p_longest));
  RETURN true;
END $$;

-- A page that looks again by itself is no use of a session: who left it open is not there.
CREATE FUNCTION use_session(p_sha256 text, p_idle interval, p_by_a_person boolean)
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
    RETURNING s.sha256, p.identity, s.iss, p.token_issued_at, s.ends_at, s.signed_in_at, s.strength
$$;

CREATE FUNCTION end_session(p_sha256 text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
  DELETE FROM web_session WHERE sha256 = p_sha256
$$;

-- What is over, so many rows at a time.
CREATE FUNCTION forget_sessions(p_patience interval, p_idle interval) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
  DELETE FROM sign_in WHERE state_sha256 IN (
    SELECT state_sha256 FROM sign_in WHERE begun_at <= clock_timestamp() - p_patience LIMIT 5000);
  DELETE FROM web_session WHERE sha256 IN (
    SELECT sha256 FROM web_session
      WHERE ends_at <= clock_timestamp() OR used_at <= clock_timestamp() - p_idle LIMIT 5000)
$$;

-- Who is suspended is signed out, everywhere and for good: lifting it revives no session.
CREATE FUNCTION end_sessions_of_suspended() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM web_session WHERE issuer = NEW.issuer AND subject = NEW.subject;
  RETURN NULL;
END $$;
CREATE TRIGGER person_suspended AFTER UPDATE OF suspended ON person
  FOR EACH ROW WHEN (NEW.suspended) EXECUTE FUNCTION end_sessions_of_suspended();

-- The service reaches the tables by these functions only: it can list no session and prolong none.
REVOKE EXECUTE ON FUNCTION
  begin_sign_in(text, text, text, text, text, text, text, boolean, text, text, text),
  take_sign_in(text, text, text, interval),
  open_session(text, text, text, text, timestamptz, text[], timestamptz, interval, text),
  use_session(text, interval, boolean), end_session(text), forget_sessions(interval, interval),
  end_sessions_of_suspended() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  begin_sign_in(text, text, text, text, text, text, text, boolean, text, text, text),
  take_sign_in(text, text, text, interval),
  open_session(text, text, text, text, timestamptz, text[], timestamptz, interval, text),
  use_session(text, interval, boolean), end_session(text), forget_sessions(interval, interval)
  TO ${service_role};
