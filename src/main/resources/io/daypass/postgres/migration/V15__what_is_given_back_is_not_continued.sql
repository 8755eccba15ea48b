-- Whoever gives a grant back has finished: what extends it ends too, as by a revocation. What waits
-- for a decision is taken back.
SET LOCAL search_path TO ${flyway:defaultSchema}, pg_temp;

CREATE OR REPLACE FUNCTION end_request(
  p_request text, p_to text, p_issuer text, p_subject text, p_by text, p_reason text
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  r         access_request;
  v_outcome text;
BEGIN
  PERFORM FROM access_request q WHERE q.id IN (
      WITH RECURSIVE going AS (
        SELECT p_request AS id
        UNION
        SELECT x.id FROM access_request x JOIN going g ON x.extends_request = g.id
          WHERE p_to IN ('revoked', 'returned'))
      SELECT id FROM going)
    ORDER BY q.id FOR NO KEY UPDATE;
  SELECT * INTO r FROM access_request q WHERE q.id = p_request;
  -- What extends it comes by here by itself where it is revoked.
  v_outcome := end_request_alone(p_request, p_to, p_issuer, p_subject, p_by, p_reason);
  IF v_outcome = 'done' AND p_to = 'returned' THEN
    PERFORM end_request(x.id, CASE x.state WHEN 'pending' THEN 'cancelled' ELSE p_to END,
        p_issuer, p_subject, p_by, p_reason)
      -- Held before it is told how: one that was opened meanwhile may just be being approved.
      FROM (SELECT q.id, q.state FROM access_request q
        WHERE q.extends_request = p_request AND q.state IN ('pending', 'approved')
        ORDER BY q.id FOR NO KEY UPDATE) x;
  END IF;
  IF v_outcome = 'done' AND r.state = 'approved' THEN
    PERFORM ask_cuts(p_request,
      r.requester_issuer = p_issuer AND r.requester_subject = p_subject, r.grant_ends_at);
  ELSIF v_outcome = 'already_ended' AND p_to = 'revoked'
      AND (r.requester_issuer, r.requester_subject) IS DISTINCT FROM (p_issuer, p_subject) THEN
    -- Whoever has it revoked now means what is left of it, whoever ended it before.
    WITH meant AS (
      UPDATE session_cut c SET own = false
        WHERE c.request_id = p_request AND c.own AND c.until > clock_timestamp()
        RETURNING c.cloud, c.place)
    UPDATE cut_place p SET next_try = NULL FROM meant m
      WHERE p.cloud = m.cloud AND p.place = m.place;
  END IF;
  RETURN v_outcome;
END $$;
