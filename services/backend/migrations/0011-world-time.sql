-- Where the time of the world begins. Every server counts its ticks from there, by this database's clock, so that all count
-- alike. A tick number has 31 bits: at 20 a second they last for three years.
CREATE TABLE world_time (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  origin timestamptz NOT NULL
);
INSERT INTO world_time (origin) VALUES (clock_timestamp());

CREATE FUNCTION world_time_ms() RETURNS double precision LANGUAGE sql VOLATILE AS $$
  SELECT extract(epoch FROM clock_timestamp() - origin)::double precision * 1000 FROM world_time
$$;
