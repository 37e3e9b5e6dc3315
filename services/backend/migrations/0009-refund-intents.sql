-- Refunds that the audit knows of and whose outcome in the journal nobody has noted yet. Written together with the audit's
-- row, removed when the journal has answered: what is left here after a crash is carried out at the next start.
CREATE TABLE refund_intents (
  id uuid PRIMARY KEY,
  character uuid NOT NULL,
  operation bigint NOT NULL,
  -- As in the audit.
  actor text NOT NULL,
  reason text NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
