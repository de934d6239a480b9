-- Orders of clients, sealed headers, time over all attempts, and what tenants have stored. Processes
-- of the version before go on beside it: what they do not write has a default.
--
-- What takes long comes first: reading locks nobody out. From the first ALTER on everybody waits for
-- the end of this script, so behind it only the catalogue changes.

-- What a tenant has stored, in bytes: request bodies and response bodies of the registrations whose
-- records are available. A row per shard, so that shards do not wait for each other.
CREATE TABLE storage (
  tenant text NOT NULL,
  shard  int NOT NULL,
  bytes  bigint NOT NULL,
  PRIMARY KEY (tenant, shard)
) WITH (fillfactor = 50);

INSERT INTO storage (tenant, shard, bytes)
SELECT tenant, shard, sum(upload_total + downloaded) FROM registration
 WHERE records_available GROUP BY tenant, shard;

-- Clicks that were not published yet, each with the version that it gave its registration.
CREATE TABLE click (
  shard   int NOT NULL,
  uid     uuid NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (shard, uid, version)
);

-- How long attempts were connected, in milliseconds: all of them, and those before the current one.
ALTER TABLE under_way
  ADD COLUMN connected bigint NOT NULL DEFAULT 0,
  ADD COLUMN connected_before bigint NOT NULL DEFAULT 0;

-- {"name": {"sealed": ..., "mac": ...}}, by the names that "headers" does not have.
ALTER TABLE request ADD COLUMN sealed_headers jsonb;

ALTER TABLE registration
  -- Only then may it be paused. Null where nobody has looked yet, as with all that are there now.
  ADD COLUMN all_get boolean,
  -- Hidden from everybody; the row goes after its end was published.
  ADD COLUMN deleted boolean NOT NULL DEFAULT false;

CREATE INDEX deleted_registrations ON registration (uid) WHERE deleted;
