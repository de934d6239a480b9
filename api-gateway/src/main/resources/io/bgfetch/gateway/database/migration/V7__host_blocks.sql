-- Hosts that are left alone because they said that they are asked too much. Every shard reads them,
-- and they outlive all processes. Processes of the version before know nothing of the table.

CREATE TABLE host_block (
  -- host:port
  host        text PRIMARY KEY,
  until       timestamptz NOT NULL,
  -- How many blocks in a row it is, this one included.
  level       int NOT NULL CHECK (level > 0),
  -- When nothing is held against the host any more: the row is needed no longer.
  forgiven_at timestamptz NOT NULL,
  CONSTRAINT forgiven_after_its_end CHECK (forgiven_at >= until)
);

CREATE INDEX host_blocks_that_end_last ON host_block (until DESC);
