-- Who owns which zone. A lease lies with the server and not with each of its zones, and apart from the epochs, which every
-- batch of what must last locks: renewing it is in nobody's way. All times are this database's clock.
CREATE TABLE zone_servers (
  -- What its operator calls it. Of two that are started under one name, the later is meant.
  name text PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 255),
  -- Of one start.
  id uuid NOT NULL,
  version text NOT NULL,
  started timestamptz NOT NULL,
  lease_until timestamptz NOT NULL,
  lease_ms int NOT NULL,
  -- The server stops this much before its lease is over, and who wants a zone of it waits so much longer.
  margin_ms int NOT NULL
);

CREATE TABLE zone_owners (
  zone bigint PRIMARY KEY,
  server text NOT NULL REFERENCES zone_servers (name) ON DELETE CASCADE,
  since timestamptz NOT NULL
);
CREATE INDEX zone_owners_by_server ON zone_owners (server);

-- Epochs rise with every taking, of whichever zone: no two zones ever have the same, and identities are made from them.
CREATE SEQUENCE zone_epoch_numbers;
SELECT setval('zone_epoch_numbers', (SELECT coalesce(max(epoch), 0) + 1 FROM zone_epochs), false);

-- Whoever had the zone until now is refused from here on. Waits for the batches that are being written for it.
CREATE FUNCTION raise_zone_epoch(of_zone bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE raised bigint;
BEGIN
  INSERT INTO zone_epochs (zone, epoch) VALUES (of_zone, 0) ON CONFLICT (zone) DO NOTHING;
  -- Drawn once the row is locked: the later taking has the higher one.
  PERFORM FROM zone_epochs z WHERE z.zone = of_zone FOR UPDATE;
  raised := nextval('zone_epoch_numbers');
  UPDATE zone_epochs SET epoch = raised WHERE zone = of_zone;
  RETURN raised;
END $$;

-- A first lease, which takes the place of whoever had the name; what that one owned stays reserved to the name.
CREATE FUNCTION grant_lease(server text, server_id uuid, server_version text, for_ms int, margin int) RETURNS void
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
      lease_until = clock_timestamp() + for_ms * interval '1 ms', lease_ms = for_ms, margin_ms = margin;
END $$;

-- Null: the name is another's by now, or nobody's. Else who has a lease besides, and what this one owns.
CREATE FUNCTION renew_lease(server text, server_id uuid) RETURNS json LANGUAGE plpgsql AS $$
BEGIN
  UPDATE zone_servers s SET lease_until = clock_timestamp() + s.lease_ms * interval '1 ms'
    WHERE s.name = server AND s.id = server_id;
  IF NOT FOUND THEN RETURN NULL; END IF;
  -- Read after the row was locked: a taking that was ahead of this has been done.
  RETURN json_build_object(
    'others', (SELECT coalesce(json_agg(s.name), '[]') FROM zone_servers s
      WHERE s.name <> server AND s.lease_until > clock_timestamp()),
    'zones', (SELECT coalesce(json_agg(json_build_object('zone', o.zone, 'epoch', e.epoch)), '[]')
      FROM zone_owners o JOIN zone_epochs e USING (zone) WHERE o.server = renew_lease.server));
END $$;

-- Takes a zone that is nobody's, the taker's already, or of a server whose lease and margin are over. Tells the new epoch; or who
-- has the zone until when, and how long that is.
-- Everyone locks in the same order: the zone, its owner's lease, its epoch.
CREATE FUNCTION take_zone(taker text, taker_id uuid, wanted bigint,
  OUT taken_epoch bigint, OUT holder text, OUT held_until timestamptz, OUT free_in_ms double precision)
LANGUAGE plpgsql AS $$
DECLARE lease zone_servers;
BEGIN
  PERFORM FROM zone_servers s WHERE s.name = taker AND s.id = taker_id AND s.lease_until > clock_timestamp();
  IF NOT FOUND THEN RAISE EXCEPTION '% has no lease to take a zone by', taker USING ERRCODE = 'LV002'; END IF;
  LOOP
    INSERT INTO zone_owners (zone, server, since) VALUES (wanted, taker, clock_timestamp()) ON CONFLICT (zone) DO NOTHING;
    SELECT o.server INTO holder FROM zone_owners o WHERE o.zone = wanted FOR UPDATE;
    -- Given back in between.
    EXIT WHEN FOUND;
  END LOOP;
  IF holder <> taker THEN
    -- A renewal that is ahead of this is waited for; one that comes later waits, and finds the zone gone.
    SELECT * INTO lease FROM zone_servers s WHERE s.name = holder FOR SHARE;
    -- After an outage of the database itself, its owners get the time to renew.
    held_until := greatest(lease.lease_until, pg_postmaster_start_time() + lease.lease_ms * interval '1 ms')
      + lease.margin_ms * interval '1 ms';
    free_in_ms := extract(epoch FROM held_until - clock_timestamp()) * 1000;
    IF free_in_ms >= 0 THEN RETURN; END IF;
    UPDATE zone_owners SET server = taker, since = clock_timestamp() WHERE zone = wanted;
  END IF;
  holder := NULL;
  held_until := NULL;
  free_in_ms := NULL;
  taken_epoch := raise_zone_epoch(wanted);
END $$;

-- The end of a server that was stopped: what it owned is free at once.
CREATE FUNCTION end_lease(server text, server_id uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM zone_servers s WHERE s.name = server AND s.id = server_id) THEN RETURN; END IF;
  DELETE FROM zone_owners o WHERE o.server = end_lease.server;
  DELETE FROM zone_servers s WHERE s.name = server AND s.id = server_id;
END $$;
