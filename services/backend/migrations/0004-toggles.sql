-- Live-ops toggles and content: versions, of which one is in force. A version is never rewritten.

CREATE TABLE toggle_versions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  toggle text NOT NULL,
  -- Variants, targeting, schedule; null: the declared default is in force again. The newest version of a toggle counts.
  definition jsonb,
  at timestamptz NOT NULL DEFAULT now(),
  actor text NOT NULL,
  reason text NOT NULL
);
CREATE INDEX toggle_versions_by_toggle ON toggle_versions (toggle, id DESC);

CREATE SEQUENCE content_turns;

-- Content configuration (prices, events): staged, then in force, and revertible to any former version.
CREATE TABLE content_versions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  document text NOT NULL,
  body jsonb NOT NULL,
  -- Refused: it was right when it was staged, and the world asks for something else by now.
  state text NOT NULL CHECK (state IN ('staged', 'in force', 'former', 'refused')),
  at timestamptz NOT NULL DEFAULT now(),
  in_force_at timestamptz,
  -- Rises with everything that is put into force: versions may be put into force in another order than they were staged.
  turn bigint,
  actor text NOT NULL,
  reason text NOT NULL,
  CHECK ((state IN ('in force', 'former')) = (turn IS NOT NULL AND in_force_at IS NOT NULL))
);
CREATE UNIQUE INDEX content_in_force ON content_versions (document) WHERE state = 'in force';
CREATE INDEX content_versions_by_document ON content_versions (document, id DESC);

-- Whoever follows hears of it at once, whichever way it was changed.
CREATE FUNCTION say_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify(TG_ARGV[0], '');
  RETURN NULL;
END $$;
CREATE TRIGGER toggles_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON toggle_versions
  FOR EACH STATEMENT EXECUTE FUNCTION say_changed('lifeverse_toggles');
CREATE TRIGGER content_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON content_versions
  FOR EACH STATEMENT EXECUTE FUNCTION say_changed('lifeverse_content');
