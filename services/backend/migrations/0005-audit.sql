-- Every privileged act. Each row carries the hash of the one before: an edited, removed, reordered or cut row shows.

CREATE TABLE audit (
  -- From 1, without gaps.
  number bigint PRIMARY KEY,
  at timestamptz NOT NULL,
  -- Who: `player:<id>`, or `command` for one who sits at the server.
  actor text NOT NULL,
  act text NOT NULL,
  subject text NOT NULL,
  reason text NOT NULL,
  -- Canonical JSON, and as text: jsonb would round and reorder what was hashed.
  detail text NOT NULL CHECK (detail IS JSON OBJECT),
  previous_hash bytea NOT NULL CHECK (octet_length(previous_hash) = 32),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);
CREATE INDEX audit_by_subject ON audit (subject, number DESC);
CREATE INDEX audit_by_actor ON audit (actor, number DESC);

-- The number and hash of the last row, so that a cut end shows as well; its lock keeps the order.
CREATE TABLE audit_head (
  singular boolean PRIMARY KEY DEFAULT true CHECK (singular),
  number bigint NOT NULL,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);
INSERT INTO audit_head (number, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit rows are kept as they are';
END $$;
CREATE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept();
CREATE TRIGGER audit_head_is_kept BEFORE DELETE OR TRUNCATE ON audit_head
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept();
