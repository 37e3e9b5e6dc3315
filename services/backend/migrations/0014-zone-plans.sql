-- Which zones there are, and which server is to own which, from the first plan on: who made what of it when, and why.
CREATE TABLE zone_plans (
  generation bigint PRIMARY KEY CHECK (generation > 0),
  plan jsonb NOT NULL,
  why text NOT NULL,
  made timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- False: it was made from another plan than the latest.
CREATE FUNCTION make_zone_plan(of_generation bigint, new_plan jsonb, because text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF of_generation <> (SELECT coalesce(max(p.generation), 0) + 1 FROM zone_plans p) THEN RETURN false; END IF;
  -- Of two that are made at the same time one is the first.
  INSERT INTO zone_plans (generation, plan, why) VALUES (of_generation, new_plan, because) ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$;

-- A server gives a zone back: it is free at once.
CREATE FUNCTION give_zone(server text, server_id uuid, given bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM zone_servers s WHERE s.name = server AND s.id = server_id) THEN RETURN; END IF;
  DELETE FROM zone_owners o WHERE o.server = give_zone.server AND o.zone = given;
END $$;
