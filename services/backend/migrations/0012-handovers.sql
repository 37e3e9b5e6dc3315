-- A character changes zones, and the epochs of two zones say nothing about which of them had it later: that is counted for
-- each character, and rises with each zone that takes it.
ALTER TABLE checkpoints
  ADD COLUMN handovers bigint NOT NULL DEFAULT 0,
  -- False: it has left the world, and whichever zone is asked for it takes it. True: `zone` has it.
  ADD COLUMN in_world boolean NOT NULL DEFAULT true;
ALTER TABLE presence ADD COLUMN handovers bigint NOT NULL DEFAULT 0;
