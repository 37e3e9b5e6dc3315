-- When something was last decided on whether a player may go on or speak: what was not heard is looked up by this. Of
-- the clock and not of the transaction, which may have begun long before it is over.
ALTER TABLE players ADD COLUMN standing_at timestamptz;
CREATE INDEX players_by_standing ON players (standing_at) WHERE standing_at IS NOT NULL;

CREATE FUNCTION standing_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.standing_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER standing_changed BEFORE UPDATE OF suspended_until, muted_until ON players
  FOR EACH ROW WHEN ((OLD.suspended_until, OLD.muted_until) IS DISTINCT FROM (NEW.suspended_until, NEW.muted_until))
  EXECUTE FUNCTION standing_changed();
