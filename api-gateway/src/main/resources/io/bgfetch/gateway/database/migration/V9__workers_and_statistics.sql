-- What people look at: who works, and how much. Nothing is decided by it, it is said anew every few
-- seconds and is old after minutes. So these tables are not in the log of Postgres, and are empty
-- after a crash of it.

-- Workers, as each says every second.
CREATE UNLOGGED TABLE worker (
  id               text PRIMARY KEY,
  started_at       timestamptz NOT NULL,
  last_report_at   timestamptz NOT NULL,
  running          int NOT NULL,
  bytes_per_second bigint NOT NULL
) WITH (fillfactor = 50);

-- What came for a tenant in the two seconds from then on.
CREATE UNLOGGED TABLE traffic (
  tenant  text NOT NULL,
  at      timestamptz NOT NULL,
  fetches bigint NOT NULL,
  bytes   bigint NOT NULL,
  PRIMARY KEY (tenant, at),
  CONSTRAINT traffic_is_not_negative CHECK (fetches >= 0 AND bytes >= 0)
);

CREATE INDEX oldest_traffic ON traffic (at);

-- How many records of a tenant run in a shard, as its owner says every two seconds.
CREATE UNLOGGED TABLE shard_load (
  tenant  text NOT NULL,
  shard   int NOT NULL,
  running int NOT NULL,
  at      timestamptz NOT NULL,
  PRIMARY KEY (tenant, shard)
) WITH (fillfactor = 50);
