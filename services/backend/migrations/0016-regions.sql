-- Where a zone server stands, as its operator calls that; empty: nobody has said. Whoever is of an earlier version does not say it.
ALTER TABLE zone_servers ADD COLUMN region text NOT NULL DEFAULT '';

CREATE FUNCTION grant_lease(server text, server_id uuid, server_version text, server_region text, for_ms int, margin int)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM grant_lease(server, server_id, server_version, for_ms, margin);
  UPDATE zone_servers s SET region = server_region WHERE s.name = server;
END $$;
