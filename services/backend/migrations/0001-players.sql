-- Who plays, how they prove it, and where they are logged in.

CREATE TABLE players (
  id uuid PRIMARY KEY,
  name text NOT NULL CHECK (octet_length(name) BETWEEN 1 AND 32),
  -- Of the product's one list: viewer, support, game master, responder, operator, owner. Players have none.
  roles text[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Until then, every session is refused and every ticket too.
  suspended_until timestamptz,
  suspended_why text,
  muted_until timestamptz
);

-- A way to prove to be that player: several lead to one, so that platforms share it.
CREATE TABLE identities (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  player uuid NOT NULL REFERENCES players,
  kind text NOT NULL CHECK (kind IN ('email', 'oidc')),
  -- Of an OpenID provider; empty for e-mail.
  issuer text NOT NULL DEFAULT '',
  -- The address in its canonical form, or the provider's `sub`.
  subject text NOT NULL,
  -- A PHC string of argon2id; null for OpenID.
  password_hash text,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((kind = 'email') = (password_hash IS NOT NULL))
);
CREATE INDEX identities_by_player ON identities (player);
CREATE UNIQUE INDEX identities_of_provider ON identities (issuer, subject) WHERE kind = 'oidc';
-- Nobody has shown that an address is theirs: what belongs to one player alone is the address with its password. So
-- nobody can be told that an address is taken. The salt is the address's, so that one hash finds the row.
CREATE UNIQUE INDEX identities_of_email ON identities (subject, password_hash) WHERE kind = 'email';
CREATE UNIQUE INDEX identities_one_password ON identities (player) WHERE kind = 'email';

-- The salt of an address's passwords: random, and drawn once.
CREATE TABLE password_salts (
  subject text PRIMARY KEY,
  salt bytea NOT NULL CHECK (octet_length(salt) = 16)
);

-- With which parameters passwords were hashed that still count: all are tried, whether an account exists or not.
CREATE TABLE password_parameters (
  parameters text PRIMARY KEY
);

CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  -- SHA-256 of the token, which is random and as long: only the player has the token itself.
  token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
  player uuid NOT NULL REFERENCES players,
  platform text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  used_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX sessions_by_player ON sessions (player) WHERE revoked_at IS NULL;
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX sessions_by_end ON sessions (revoked_at) WHERE revoked_at IS NOT NULL;

-- Where a log-in at an OpenID provider was begun, until the browser comes back from there, once.
CREATE TABLE oidc_logins (
  state_hash bytea PRIMARY KEY CHECK (octet_length(state_hash) = 32),
  -- Of a cookie: nobody else's browser can end what this one began.
  browser_hash bytea NOT NULL CHECK (octet_length(browser_hash) = 32),
  provider text NOT NULL,
  code_verifier text NOT NULL,
  nonce text NOT NULL,
  -- Not null: the identity is linked to the player of this session.
  session uuid REFERENCES sessions ON DELETE CASCADE,
  return_to text NOT NULL,
  platform text NOT NULL DEFAULT '',
  expires_at timestamptz NOT NULL
);
CREATE INDEX oidc_logins_by_expiry ON oidc_logins (expires_at);
CREATE INDEX oidc_logins_by_session ON oidc_logins (session);

-- Failed attempts by what was tried, never by what the other side says of itself: the way to lock-out.
CREATE TABLE attempts (
  -- SHA-256 of kind and subject, or of an address: nothing that a person typed can be read here.
  subject_hash bytea PRIMARY KEY,
  failures int NOT NULL,
  last_at timestamptz NOT NULL,
  locked_until timestamptz
);
CREATE INDEX attempts_by_last ON attempts (last_at);

-- Counts an attempt for each of these, before anything is looked at: of a hundred guesses at once, no more pass than one
-- after the other. Answers 0 when it may be made, else in how many milliseconds one may. `free`: how many fail without
-- a wait; each further one doubles the wait.
CREATE FUNCTION charge_attempt(
  hashes bytea[], free int[], first_lock_ms float8, longest_lock_ms float8, forget_ms float8
) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
  until timestamptz;
  counted int;
BEGIN
  SELECT max(locked_until) INTO until FROM attempts WHERE subject_hash = ANY (hashes) AND locked_until > now();
  IF until IS NULL THEN
    FOR i IN 1 .. cardinality(hashes) LOOP
      INSERT INTO attempts AS a (subject_hash, failures, last_at) VALUES (hashes[i], 1, now())
      ON CONFLICT (subject_hash) DO UPDATE SET last_at = now(), failures =
        CASE WHEN a.last_at < now() - forget_ms * interval '1 ms' THEN 1 ELSE a.failures + 1 END
      WHERE a.locked_until IS NULL OR a.locked_until <= now()
      RETURNING failures INTO counted;
      -- Another one that was under way at the same moment was the last that was free.
      IF counted IS NULL THEN
        SELECT locked_until INTO until FROM attempts WHERE subject_hash = hashes[i];
        EXIT;
      END IF;
      UPDATE attempts SET locked_until = CASE WHEN counted >= free[i] THEN
        now() + least(longest_lock_ms, first_lock_ms * 2 ^ least(counted - free[i], 40)) * interval '1 ms' END
      WHERE subject_hash = hashes[i] AND (counted >= free[i] OR locked_until IS NOT NULL);
    END LOOP;
  END IF;
  RETURN CASE WHEN until IS NULL THEN 0 ELSE greatest(1, extract(epoch FROM until - now())::float8 * 1000) END;
END $$;

-- It succeeded: the account is free again (left alone when null), and the peer where it was before.
CREATE FUNCTION attempt_succeeded(account_key bytea, peer_key bytea, of_peer int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM attempts WHERE subject_hash = account_key;
  UPDATE attempts SET failures = greatest(failures - 1, 0),
    locked_until = CASE WHEN failures <= of_peer THEN NULL ELSE locked_until END
  WHERE subject_hash = peer_key;
END $$;

-- Whoever remembers sessions hears at once that one of them is over, whoever ended it and from where.
CREATE FUNCTION session_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('session_changed', json_build_object('session', OLD.id, 'player', OLD.player)::text);
  RETURN NULL;
END $$;
CREATE TRIGGER session_ended AFTER UPDATE OF revoked_at, token_hash, player ON sessions
  FOR EACH ROW WHEN ((OLD.revoked_at, OLD.token_hash, OLD.player) IS DISTINCT FROM (NEW.revoked_at, NEW.token_hash, NEW.player))
  EXECUTE FUNCTION session_changed();
CREATE TRIGGER session_deleted AFTER DELETE ON sessions
  FOR EACH ROW WHEN (OLD.revoked_at IS NULL) EXECUTE FUNCTION session_changed();

-- And that a player may no longer do what the session allowed a moment ago.
CREATE FUNCTION player_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('session_changed', json_build_object('player', OLD.id)::text);
  RETURN NULL;
END $$;
CREATE TRIGGER player_changed AFTER UPDATE OF name, roles, suspended_until, muted_until ON players
  FOR EACH ROW WHEN ((OLD.name, OLD.roles, OLD.suspended_until, OLD.muted_until)
    IS DISTINCT FROM (NEW.name, NEW.roles, NEW.suspended_until, NEW.muted_until))
  EXECUTE FUNCTION player_changed();

-- All that a log-in needs to know before it hashes: the salt of the address and the parameters in use, and how long to
-- wait. The attempt is counted for `device_key` instead of `account_key` where that player is or was logged in with the
-- token: others cannot lock them out there.
CREATE FUNCTION begin_log_in(
  address text, token_hash bytea, account_key bytea, device_key bytea, peer_key bytea,
  of_account int, of_peer int, first_lock_ms float8, longest_lock_ms float8, forget_ms float8,
  OUT salt bytea, OUT parameters text[], OUT known_device boolean, OUT wait_ms float8
) LANGUAGE plpgsql AS $$
DECLARE
  key bytea;
BEGIN
  SELECT s.salt INTO salt FROM password_salts s WHERE s.subject = address;
  SELECT array_agg(p.parameters) INTO parameters FROM password_parameters p;
  known_device := EXISTS (
    SELECT FROM sessions s JOIN identities i ON i.player = s.player
    WHERE s.token_hash = begin_log_in.token_hash AND i.kind = 'email' AND i.subject = address);
  -- What is counted need not outlive a power failure; a log-in does not wait for the disk because of it.
  PERFORM set_config('synchronous_commit', 'off', true);
  key := CASE WHEN known_device THEN device_key ELSE account_key END;
  IF peer_key IS NULL THEN
    wait_ms := charge_attempt(ARRAY[key], ARRAY[of_account], first_lock_ms, longest_lock_ms, forget_ms);
  ELSE
    wait_ms := charge_attempt(
      ARRAY[key, peer_key], ARRAY[of_account, of_peer], first_lock_ms, longest_lock_ms, forget_ms);
  END IF;
END $$;

-- How long a session lasts from now on.
CREATE FUNCTION session_life(of_player uuid, staff_ms float8, account_ms float8, guest_ms float8)
RETURNS interval LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN interval '1 ms' * CASE
    WHEN EXISTS (SELECT FROM players WHERE id = of_player AND cardinality(roles) > 0) THEN staff_ms
    WHEN EXISTS (SELECT FROM identities WHERE player = of_player) THEN account_ms
    ELSE guest_ms END;
END $$;

-- One more than `at_most` ends those that were unused for longest. Answers when the new one ends, in milliseconds.
CREATE FUNCTION open_session(
  of_player uuid, new_id uuid, new_hash bytea, on_platform text, at_most int,
  staff_ms float8, account_ms float8, guest_ms float8
) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
  life interval := session_life(of_player, staff_ms, account_ms, guest_ms);
BEGIN
  UPDATE sessions SET revoked_at = now() WHERE id IN (
    SELECT id FROM sessions WHERE player = of_player AND revoked_at IS NULL AND expires_at > now()
    ORDER BY used_at DESC, id OFFSET at_most - 1);
  INSERT INTO sessions (id, token_hash, player, platform, expires_at)
  VALUES (new_id, new_hash, of_player, on_platform, now() + life);
  RETURN extract(epoch FROM life)::float8 * 1000;
END $$;

-- Opens a session for whom address and hash belong to, unless they are suspended; nothing when they are nobody's. Holds
-- the identity meanwhile: whoever takes it away ends this session too. `replacement`: the hash to keep from now on.
CREATE FUNCTION finish_log_in(
  address text, hash text, replacement text, account_key bytea, peer_key bytea, of_peer int,
  new_id uuid, new_hash bytea, on_platform text, at_most int, staff_ms float8, account_ms float8, guest_ms float8,
  OUT player uuid, OUT name text, OUT suspended boolean, OUT left_ms float8
) LANGUAGE plpgsql AS $$
DECLARE
  identity bigint;
BEGIN
  SELECT i.id, i.player INTO identity, player FROM identities i
  WHERE i.kind = 'email' AND i.subject = address AND i.password_hash = hash FOR NO KEY UPDATE;
  IF identity IS NULL THEN
    RETURN;
  END IF;
  SELECT p.name, coalesce(p.suspended_until > now(), false) INTO name, suspended FROM players p WHERE p.id = player;
  PERFORM attempt_succeeded(account_key, peer_key, of_peer);
  IF replacement IS NOT NULL THEN
    UPDATE identities i SET password_hash = replacement WHERE i.id = identity AND NOT EXISTS (
      SELECT FROM identities o WHERE o.kind = 'email' AND o.subject = address AND o.password_hash = replacement);
  END IF;
  IF NOT suspended THEN
    left_ms := open_session(player, new_id, new_hash, on_platform, at_most, staff_ms, account_ms, guest_ms);
  END IF;
END $$;
