-- What lists, the ledger's readers and the looks for a free identity ask for, on tables that have grown
-- for years. Made beside those who write, each index for itself and outside of a transaction; one that
-- was begun and not finished is made anew. Whoever makes it waits for those who read, not they for it.
SET lock_timeout = 0;

-- One's own, newest first, whatever the role.
DROP INDEX CONCURRENTLY IF EXISTS access_request_own;
CREATE INDEX CONCURRENTLY access_request_own
  ON access_request (requester_issuer, requester_subject, made_at DESC, id DESC);
DROP INDEX CONCURRENTLY IF EXISTS access_request_role;
CREATE INDEX CONCURRENTLY access_request_role ON access_request (role, made_at DESC, id DESC);
-- By the beginning of an id: a range, in the order of bytes.
DROP INDEX CONCURRENTLY IF EXISTS access_request_id_bytes;
CREATE INDEX CONCURRENTLY access_request_id_bytes ON access_request (id COLLATE "C");
-- How few of many end.
DROP INDEX CONCURRENTLY IF EXISTS access_request_rare;
CREATE INDEX CONCURRENTLY access_request_rare ON access_request (state, made_at DESC, id DESC)
  WHERE state IN ('denied', 'cancelled', 'returned', 'revoked');
DROP INDEX CONCURRENTLY IF EXISTS access_request_live;
CREATE INDEX CONCURRENTLY access_request_live ON access_request (grant_ends_at) WHERE state = 'approved';

DROP INDEX CONCURRENTLY IF EXISTS ledger_entry_role;
CREATE INDEX CONCURRENTLY ledger_entry_role ON ledger_entry (role, number) WHERE role IS NOT NULL;
-- What every issuance and every request writes is most of the ledger, and found without.
DROP INDEX CONCURRENTLY IF EXISTS ledger_entry_kind;
CREATE INDEX CONCURRENTLY ledger_entry_kind ON ledger_entry (kind, number)
  WHERE kind NOT IN ('request_made', 'decided_by_rule', 'intent', 'sealed');

-- Bindings that are gone stay in their table; whoever looks for a free identity looks at few of them.
DROP INDEX CONCURRENTLY IF EXISTS access_binding_held;
CREATE INDEX CONCURRENTLY access_binding_held ON access_binding (holder)
  WHERE holder IS NOT NULL AND state <> 'removed';
DROP INDEX CONCURRENTLY IF EXISTS access_binding_tokens;
CREATE INDEX CONCURRENTLY access_binding_tokens ON access_binding (holder, tokens_until)
  WHERE holder IS NOT NULL;

SET lock_timeout = '2s';
