-- Keys of this world's own that outlive its processes: of what is signed here and brought back later.

CREATE TABLE secrets (
  name text PRIMARY KEY,
  value bytea NOT NULL CHECK (octet_length(value) = 32),
  created_at timestamptz NOT NULL DEFAULT now()
);
