-- Which cluster's database this is. Its processes say so on the bus, so that two clusters notice when they were given one
-- database, or one name on one NATS, by mistake.
CREATE TABLE this_cluster (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  -- What it is called; null: no cluster has run here yet.
  name text,
  -- Rises with each start of a cluster of which nothing ran any more.
  generation bigint NOT NULL DEFAULT 0,
  started timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- When one of its processes was here last; null: it was stopped as a whole.
  seen timestamptz
);
INSERT INTO this_cluster DEFAULT VALUES;

-- What was copied out of this database into another is another cluster there.
CREATE FUNCTION cluster_identity() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT md5(concat_ws('/', c.id, s.system_identifier, d.oid))
  FROM this_cluster c, pg_control_system() s, pg_database d WHERE d.datname = current_database()
$$;
