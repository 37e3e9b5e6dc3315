-- Since when a zone server is to have no zones; null: it may have some. That is of one start: whoever is started under the name may
-- have some again.
ALTER TABLE zone_servers ADD COLUMN drained timestamptz;

CREATE OR REPLACE FUNCTION grant_lease(server text, server_id uuid, server_version text, for_ms int, margin int) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  -- Long gone, and owners of nothing.
  DELETE FROM zone_servers s WHERE s.name IN (
    SELECT o.name FROM zone_servers o
    WHERE o.name <> server AND o.lease_until < clock_timestamp() - interval '1 day'
      AND NOT EXISTS (SELECT FROM zone_owners z WHERE z.server = o.name)
    FOR UPDATE SKIP LOCKED);
  INSERT INTO zone_servers AS s (name, id, version, started, lease_until, lease_ms, margin_ms)
    VALUES (server, server_id, server_version, clock_timestamp(), clock_timestamp() + for_ms * interval '1 ms', for_ms,
      margin)
    ON CONFLICT (name) DO UPDATE SET id = excluded.id, version = excluded.version, started = excluded.started,
      lease_until = clock_timestamp() + for_ms * interval '1 ms', lease_ms = for_ms, margin_ms = margin, drained = NULL;
END $$;

-- From now on, or no more. False: no server of that name has a lease.
CREATE FUNCTION drain_server(server text, is_drained boolean) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  UPDATE zone_servers s SET drained = CASE WHEN is_drained THEN coalesce(s.drained, clock_timestamp()) END
    WHERE s.name = server AND s.lease_until > clock_timestamp();
  RETURN FOUND;
END $$;

-- A server that is to end wants its zones to go elsewhere. Tells how many servers there are that may have them.
CREATE FUNCTION leave_server(server text, server_id uuid) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  UPDATE zone_servers s SET drained = coalesce(s.drained, clock_timestamp()) WHERE s.name = server AND s.id = server_id;
  RETURN (SELECT count(*) FROM zone_servers s
    WHERE s.name <> server AND s.drained IS NULL AND s.lease_until > clock_timestamp());
END $$;
