-- Belongings: a double-entry journal. Nothing here is ever rewritten but balances and holders, which are its sums.

-- Whoever can have something.
CREATE TABLE holders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('mint', 'sink', 'character', 'stall', 'ground')),
  -- Of a character; else a name by which the world knows it.
  character uuid UNIQUE,
  name text UNIQUE CHECK (octet_length(name) BETWEEN 1 AND 64),
  CHECK ((character IS NULL) <> (name IS NULL)),
  CHECK ((character IS NULL) <> (kind = 'character'))
);
INSERT INTO holders (kind, name) VALUES ('mint', 'mint'), ('sink', 'sink'), ('ground', 'ground');

CREATE TABLE balances (
  holder bigint NOT NULL REFERENCES holders,
  currency text NOT NULL CHECK (octet_length(currency) BETWEEN 1 AND 16),
  -- Never beyond what a JavaScript number holds exactly.
  amount bigint NOT NULL CHECK (amount BETWEEN -9007199254740991 AND 9007199254740991),
  -- The operation that changed it last: who decided by an earlier one is told so, and decides again. A count would not
  -- do: two writers could come to the same number by different ways.
  version bigint NOT NULL DEFAULT 1,
  -- Only the mint owes: the sum of all balances of a currency is always 0.
  may_owe boolean NOT NULL DEFAULT false,
  PRIMARY KEY (holder, currency),
  CHECK (amount >= 0 OR may_owe)
) WITH (fillfactor = 50);

CREATE TABLE items (
  id bigint PRIMARY KEY,
  kind text NOT NULL CHECK (octet_length(kind) BETWEEN 1 AND 64),
  holder bigint NOT NULL REFERENCES holders,
  -- Where it lies, when the ground holds it.
  x_mm int,
  y_mm int
) WITH (fillfactor = 70);
CREATE INDEX items_by_holder ON items (holder);

-- What a stall asks for a kind of item, and what it pays for one; null: it does not.
CREATE TABLE stall_prices (
  stall bigint NOT NULL REFERENCES holders,
  kind text NOT NULL,
  currency text NOT NULL,
  asks bigint CHECK (asks BETWEEN 1 AND 9007199254740991),
  pays bigint CHECK (pays BETWEEN 1 AND 9007199254740991),
  PRIMARY KEY (stall, kind)
);

-- Ids are taken in blocks, before they are written.
CREATE SEQUENCE operation_blocks;
CREATE SEQUENCE item_blocks;

-- What was asked and decided, once for each key: a refusal too, so that who asks again hears the same. Nearly all that is done
-- moves money once: that entry lies in the row itself, since a second row and its index would cost a third of all writing.
CREATE TABLE operations (
  id bigint PRIMARY KEY,
  -- Who asked, and the key they gave it.
  holder bigint NOT NULL,
  key uuid NOT NULL,
  kind text NOT NULL,
  -- Why it was refused; null: it was done.
  refused text,
  -- The first half of SHA-256 of what was asked: the same key with another request is refused.
  request_hash uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  -- Its first entry; null: no money moved.
  from_holder bigint,
  to_holder bigint,
  amount bigint CHECK (amount > 0),
  from_balance bigint,
  to_balance bigint,
  from_was bigint,
  to_was bigint,
  currency text,
  CHECK (num_nulls(from_holder, to_holder, amount, from_balance, to_balance, from_was, to_was, currency) IN (0, 8))
);
CREATE UNIQUE INDEX operations_by_key ON operations (holder, key);

-- Of an operation that moved money more than once: what both sides of a trade paid, a second currency.
CREATE TABLE further_entries (
  operation bigint NOT NULL,
  from_holder bigint NOT NULL,
  to_holder bigint NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  from_balance bigint NOT NULL,
  to_balance bigint NOT NULL,
  from_was bigint NOT NULL,
  to_was bigint NOT NULL,
  currency text NOT NULL
);
CREATE INDEX further_entries_by_operation ON further_entries (operation);

-- Money that went from one holder to another: a row has both sides, so none can be saved without the other. `balance` is what
-- each had afterwards, `was` the operation by which each got the balance that it had before; 0: none. From the version of a
-- balance, these lead back through all of its entries, newest first: an index by holder would cost more than all else that is
-- written here.
CREATE VIEW entries AS
  SELECT id AS operation, from_holder, to_holder, amount, from_balance, to_balance, from_was, to_was, currency
  FROM operations WHERE amount IS NOT NULL
  UNION ALL
  SELECT operation, from_holder, to_holder, amount, from_balance, to_balance, from_was, to_was, currency
  FROM further_entries;
-- Those of one operation. A join with the view would read all of it: conditions are not pushed down into its branches.
CREATE FUNCTION entries_of(bigint) RETURNS SETOF entries LANGUAGE sql STABLE AS $$
  SELECT id, from_holder, to_holder, amount, from_balance, to_balance, from_was, to_was, currency
  FROM operations WHERE id = $1 AND amount IS NOT NULL
  UNION ALL
  SELECT operation, from_holder, to_holder, amount, from_balance, to_balance, from_was, to_was, currency
  FROM further_entries WHERE operation = $1
$$;

CREATE TABLE item_moves (
  operation bigint NOT NULL,
  item bigint NOT NULL,
  from_holder bigint NOT NULL,
  to_holder bigint NOT NULL
);
CREATE INDEX item_moves_by_item ON item_moves (item);
CREATE INDEX item_moves_by_giver ON item_moves (from_holder, operation);
CREATE INDEX item_moves_by_taker ON item_moves (to_holder, operation);

-- What two have laid on the table for one another.
CREATE TABLE trades (
  id uuid PRIMARY KEY,
  one bigint NOT NULL REFERENCES holders,
  other bigint NOT NULL REFERENCES holders,
  -- Of the offer: rises with each change of it, which takes back what was accepted.
  offer int NOT NULL,
  one_gives jsonb NOT NULL,
  other_gives jsonb NOT NULL,
  one_accepts boolean NOT NULL,
  other_accepts boolean NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'done', 'cancelled')),
  -- Of the row, as in balances.
  version bigint NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT now(),
  CHECK (one <> other)
);
CREATE INDEX trades_open_by_one ON trades (one) WHERE state = 'open';
CREATE INDEX trades_open_by_other ON trades (other) WHERE state = 'open';

-- What was paid back, at most once.
CREATE TABLE refunds (
  operation bigint PRIMARY KEY,
  by_operation bigint NOT NULL
);

-- The fence: how often a zone has changed its owner. An owner that was replaced writes nothing any more.
CREATE TABLE zone_epochs (
  zone bigint PRIMARY KEY,
  epoch bigint NOT NULL
);

-- Writes a decided batch, or raises LV001 (or 23505) and writes nothing, when anything by which it was decided has changed.
-- Everyone locks in the same order: zones, keys, trades, items, balances, each ascending. The settings see to it that a
-- join visits the rows in that order, whatever the planner thinks of the tables. What is written in every batch is taken from
-- its arrays by the list of columns: `unnest` of several in FROM keeps each of them in a store of its own first.
CREATE FUNCTION journal_write(
  zone_ids bigint[], zone_epoch bigint[],
  op_id bigint[], op_holder bigint[], op_key uuid[], op_kind text[], op_refused text[], op_hash uuid[],
  op_from bigint[], op_to bigint[], op_amount bigint[], op_from_balance bigint[], op_to_balance bigint[],
  op_from_was bigint[], op_to_was bigint[], op_currency text[],
  e_op bigint[], e_from bigint[], e_to bigint[], e_amount bigint[], e_from_balance bigint[], e_to_balance bigint[],
  e_from_was bigint[], e_to_was bigint[], e_currency text[],
  b_holder bigint[], b_currency text[], b_amount bigint[], b_was bigint[], b_version bigint[],
  nb_holder bigint[], nb_currency text[], nb_amount bigint[], nb_version bigint[], nb_may_owe boolean[],
  m_op bigint[], m_item bigint[], m_from bigint[], m_to bigint[],
  i_id bigint[], i_to bigint[], i_was bigint[], i_x int[], i_y int[],
  ni_id bigint[], ni_kind text[], ni_holder bigint[], ni_x int[], ni_y int[],
  t_id uuid[], t_offer int[], t_one_gives text[], t_other_gives text[], t_one_accepts boolean[],
  t_other_accepts boolean[], t_state text[], t_was bigint[], t_version bigint[],
  nt_id uuid[], nt_one bigint[], nt_other bigint[], nt_one_gives text[], nt_other_gives text[],
  nt_one_accepts boolean[], nt_other_accepts boolean[], nt_offer int[], nt_state text[],
  nt_version bigint[],
  r_operation bigint[], r_by bigint[],
  cb_holder bigint[], cb_currency text[], cb_version bigint[], ci_id bigint[], ci_holder bigint[],
  ct_id uuid[], ct_version bigint[]
) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_hashjoin = off SET enable_mergejoin = off
SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE done bigint;
BEGIN
  IF cardinality(zone_ids) > 0 THEN
    PERFORM FROM zone_epochs z WHERE z.zone = ANY (zone_ids) ORDER BY z.zone FOR SHARE;
    PERFORM FROM unnest(zone_ids, zone_epoch) AS d(zone, epoch)
      LEFT JOIN zone_epochs z ON z.zone = d.zone WHERE coalesce(z.epoch, 0) <> d.epoch;
    IF FOUND THEN RAISE EXCEPTION 'a zone has another owner' USING ERRCODE = 'LV001'; END IF;
  END IF;
  -- What was refused was refused for what is so.
  IF cardinality(cb_holder) > 0 THEN
    PERFORM FROM unnest(cb_holder, cb_currency, cb_version) AS d(holder, currency, version)
      LEFT JOIN balances b ON b.holder = d.holder AND b.currency = d.currency WHERE coalesce(b.version, 0) <> d.version;
    IF FOUND THEN RAISE EXCEPTION 'a balance has changed' USING ERRCODE = 'LV001'; END IF;
  END IF;
  IF cardinality(ci_id) > 0 THEN
    PERFORM FROM unnest(ci_id, ci_holder) AS d(id, holder) LEFT JOIN items i ON i.id = d.id
      WHERE i.holder IS DISTINCT FROM d.holder;
    IF FOUND THEN RAISE EXCEPTION 'an item has moved' USING ERRCODE = 'LV001'; END IF;
  END IF;
  IF cardinality(ct_id) > 0 THEN
    PERFORM FROM unnest(ct_id, ct_version) AS d(id, version) LEFT JOIN trades t ON t.id = d.id
      WHERE coalesce(t.version, 0) <> d.version;
    IF FOUND THEN RAISE EXCEPTION 'a trade has changed' USING ERRCODE = 'LV001'; END IF;
  END IF;
  INSERT INTO operations (id, holder, key, kind, refused, request_hash, from_holder, to_holder, amount, from_balance,
      to_balance, from_was, to_was, currency)
    SELECT unnest(op_id), unnest(op_holder), unnest(op_key), unnest(op_kind), unnest(op_refused), unnest(op_hash),
      unnest(op_from), unnest(op_to), unnest(op_amount), unnest(op_from_balance), unnest(op_to_balance),
      unnest(op_from_was), unnest(op_to_was), unnest(op_currency);
  IF cardinality(e_op) > 0 THEN
    INSERT INTO further_entries (operation, from_holder, to_holder, amount, from_balance, to_balance, from_was, to_was,
        currency)
      SELECT * FROM unnest(e_op, e_from, e_to, e_amount, e_from_balance, e_to_balance, e_from_was, e_to_was, e_currency);
  END IF;
  IF cardinality(r_operation) > 0 THEN
    INSERT INTO refunds (operation, by_operation) SELECT * FROM unnest(r_operation, r_by);
  END IF;
  IF cardinality(nt_id) > 0 THEN
    INSERT INTO trades (id, one, other, one_gives, other_gives, one_accepts, other_accepts, offer, state, version)
      SELECT a, b, c, d::jsonb, e::jsonb, f, g, h, i, j
      FROM unnest(nt_id, nt_one, nt_other, nt_one_gives, nt_other_gives, nt_one_accepts, nt_other_accepts, nt_offer, nt_state,
        nt_version) AS n(a, b, c, d, e, f, g, h, i, j);
  END IF;
  IF cardinality(t_id) > 0 THEN
    UPDATE trades t SET offer = d.offer, one_gives = d.one_gives::jsonb, other_gives = d.other_gives::jsonb,
        one_accepts = d.one_accepts, other_accepts = d.other_accepts, state = d.state, version = d.version,
        changed_at = now()
      FROM unnest(t_id, t_offer, t_one_gives, t_other_gives, t_one_accepts, t_other_accepts, t_state, t_was, t_version)
        AS d(id, offer, one_gives, other_gives, one_accepts, other_accepts, state, was, version)
      WHERE t.id = d.id AND t.version = d.was;
    GET DIAGNOSTICS done = ROW_COUNT;
    IF done <> cardinality(t_id) THEN RAISE EXCEPTION 'a trade has changed' USING ERRCODE = 'LV001'; END IF;
  END IF;
  IF cardinality(m_op) > 0 THEN
    INSERT INTO item_moves (operation, item, from_holder, to_holder) SELECT * FROM unnest(m_op, m_item, m_from, m_to);
  END IF;
  IF cardinality(ni_id) > 0 THEN
    INSERT INTO items (id, kind, holder, x_mm, y_mm) SELECT * FROM unnest(ni_id, ni_kind, ni_holder, ni_x, ni_y);
  END IF;
  IF cardinality(i_id) > 0 THEN
    UPDATE items i SET holder = d.to_holder, x_mm = d.x, y_mm = d.y
      FROM unnest(i_id, i_to, i_was, i_x, i_y) AS d(id, to_holder, was, x, y)
      WHERE i.id = d.id AND i.holder = d.was;
    GET DIAGNOSTICS done = ROW_COUNT;
    IF done <> cardinality(i_id) THEN RAISE EXCEPTION 'an item has moved' USING ERRCODE = 'LV001'; END IF;
  END IF;
  IF cardinality(nb_holder) > 0 THEN
    INSERT INTO balances (holder, currency, amount, version, may_owe)
      SELECT * FROM unnest(nb_holder, nb_currency, nb_amount, nb_version, nb_may_owe);
  END IF;
  UPDATE balances b SET amount = d.amount, version = d.version
    FROM (SELECT unnest(b_holder) AS holder, unnest(b_currency) AS currency, unnest(b_amount) AS amount,
      unnest(b_was) AS was, unnest(b_version) AS version) d
    WHERE b.holder = d.holder AND b.currency = d.currency AND b.version = d.was;
  GET DIAGNOSTICS done = ROW_COUNT;
  IF done <> cardinality(b_holder) THEN RAISE EXCEPTION 'a balance has changed' USING ERRCODE = 'LV001'; END IF;
END $$;
