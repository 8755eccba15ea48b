-- An approved extension keeps what was made for the grant that it extends: also before anything is
-- issued under it, which its start does not allow sooner than the moment when that must else be gone.
-- What the function below means by a name is its to say, not its caller's.
SET LOCAL search_path TO ${flyway:defaultSchema}, pg_temp;

-- When a binding must be gone: at the last end of its grants and of what extends them without a gap,
-- at once if they were ended early.
CREATE OR REPLACE FUNCTION binding_end(p_binding uuid) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path FROM CURRENT
  -- By index, always: without statistics all requests would be read, for each binding.
  SET enable_seqscan = off SET enable_bitmapscan = off
  SET enable_hashjoin = off SET enable_mergejoin = off AS $$
  WITH RECURSIVE serves AS (
    SELECT g.request_id, CASE WHEN r.state = 'approved' THEN least(g.ends_at, r.grant_ends_at)
        ELSE least(g.ends_at, r.ended_at) END AS ends_at
      FROM access_binding_grant g JOIN access_request r ON r.id = g.request_id
      WHERE g.binding = p_binding
    UNION
    SELECT x.id, x.grant_ends_at
      FROM serves s JOIN access_request x ON x.extends_request = s.request_id
      WHERE x.state = 'approved' AND x.grant_starts_at <= s.ends_at
        -- Of those that it serves already the policies may have given less.
        AND NOT EXISTS (SELECT FROM access_binding_grant g
          WHERE g.binding = p_binding AND g.request_id = x.id))
  SELECT least(b.replaced_at, coalesce((SELECT max(s.ends_at) FROM serves s), b.recorded_at))
    FROM access_binding b WHERE b.id = p_binding
$$;
