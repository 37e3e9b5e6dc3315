-- Avatars: what is kept of them while nobody looks.

CREATE TABLE characters (
  id uuid PRIMARY KEY,
  player uuid NOT NULL REFERENCES players,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Rises with every ticket: the older device is told that a newer one took over.
  incarnation bigint NOT NULL DEFAULT 1,
  -- Not null: saving was refused, and nobody plays on until that is resolved.
  frozen_why text,
  frozen_at timestamptz,
  CHECK ((frozen_why IS NULL) = (frozen_at IS NULL))
);
CREATE INDEX characters_by_player ON characters (player);
CREATE INDEX characters_frozen ON characters (frozen_at) WHERE frozen_at IS NOT NULL;

-- Written behind, at most 5 s old: apart from `characters`, since it is rewritten all the time. No index but the key, so
-- that a row is rewritten in its page.
CREATE TABLE checkpoints (
  character uuid PRIMARY KEY REFERENCES characters,
  -- A checkpoint is only replaced by one that was taken later in the life of the avatar: (epoch, tick) rises.
  epoch bigint NOT NULL,
  tick bigint NOT NULL,
  zone bigint NOT NULL,
  -- The highest that stood in the world so far.
  incarnation bigint NOT NULL,
  x_mm int NOT NULL,
  y_mm int NOT NULL,
  -- Components that stay with the character, appearance among them, by their numbers in the world's layout: known to the
  -- zone alone, so that a later version of the world reads what an earlier one wrote.
  kept bytea NOT NULL CHECK (octet_length(kept) <= 4096),
  saved_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);

-- Who is in the world, and since when, as the owner of a zone told it. True only while that owner says that it is there.
CREATE TABLE presence (
  character uuid PRIMARY KEY REFERENCES characters,
  player uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('offline', 'online', 'away')),
  gateway text NOT NULL CHECK (octet_length(gateway) <= 64),
  zone bigint NOT NULL,
  epoch bigint NOT NULL,
  -- Of the owner's changes: an earlier one that arrives late replaces no later one.
  revision bigint NOT NULL,
  incarnation bigint NOT NULL,
  since timestamptz NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX presence_by_player ON presence (player);

-- The owner's word that it is there, said every few seconds: what is not said again is over, and everyone of it offline.
CREATE TABLE presence_leases (
  zone bigint PRIMARY KEY,
  epoch bigint NOT NULL,
  said_at timestamptz NOT NULL
);
