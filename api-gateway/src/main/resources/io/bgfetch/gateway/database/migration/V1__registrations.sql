-- What was asked, what is under way, what came of it.

-- The cluster's own facts, fixed at first start.
CREATE TABLE cluster (
  single boolean PRIMARY KEY DEFAULT true CONSTRAINT there_is_one_cluster CHECK (single),
  shards int NOT NULL CONSTRAINT shards_are_few CHECK (shards BETWEEN 1 AND 4096)
);

-- Who owns a shard: a random token that changes with every take-over. A row of its own, so that the
-- transactions of a shard can hold it FOR SHARE while they write elsewhere.
CREATE TABLE shard_epoch (
  shard int PRIMARY KEY,
  epoch text NOT NULL
);

-- Where a shard goes on in its partition of the events topic; another topic id means: from its start.
CREATE TABLE shard_offset (
  shard       int PRIMARY KEY,
  topic_id    text NOT NULL,
  next_offset bigint NOT NULL CONSTRAINT offset_is_not_negative CHECK (next_offset >= 0)
);

CREATE TABLE registration (
  uid               uuid PRIMARY KEY,
  tenant            text NOT NULL,
  id                text NOT NULL,
  id_hash           bytea NOT NULL CONSTRAINT id_hash_is_sha_256 CHECK (octet_length(id_hash) = 32),
  shard             int NOT NULL,
  title             text NOT NULL,
  icons             jsonb NOT NULL,
  base              text,
  retry_limit       int NOT NULL,
  retry_statuses    int[] NOT NULL,
  retry_unsafe      boolean NOT NULL,
  connect_millis    bigint NOT NULL,
  first_byte_millis bigint NOT NULL,
  idle_millis       bigint NOT NULL,
  total_millis      bigint NOT NULL,
  retention_seconds bigint NOT NULL,
  upload_total      bigint NOT NULL,
  uploaded          bigint NOT NULL DEFAULT 0,
  download_total    bigint NOT NULL,
  downloaded        bigint NOT NULL DEFAULT 0,
  total             int NOT NULL CONSTRAINT list_is_not_empty CHECK (total > 0),
  dispatched        int NOT NULL DEFAULT 0,
  settled           int NOT NULL DEFAULT 0,
  succeeded         int NOT NULL DEFAULT 0,
  failed            int NOT NULL DEFAULT 0,
  first_failure     text NOT NULL DEFAULT '',
  result            text NOT NULL DEFAULT '',
  failure_reason    text NOT NULL DEFAULT '',
  records_available boolean NOT NULL DEFAULT true,
  paused            boolean NOT NULL DEFAULT false,
  version           bigint NOT NULL,
  published_version bigint NOT NULL DEFAULT 0,
  end_version       bigint,
  created_at        timestamptz NOT NULL DEFAULT now(),
  ended_at          timestamptz,
  expires_at        timestamptz,
  CONSTRAINT settled_is_the_sum CHECK (settled = succeeded + failed),
  CONSTRAINT settled_is_within_total CHECK (settled <= total AND dispatched <= total),
  CONSTRAINT ended_all_at_once CHECK
    ((result = '') = (end_version IS NULL) AND (result = '') = (ended_at IS NULL)),
  CONSTRAINT ended_with_every_record CHECK (result = '' OR settled = total)
);

-- Ids are up to 1024 characters and do not fit an index: their hashes do.
CREATE UNIQUE INDEX id_is_unique_among_the_active ON registration (tenant, id_hash) WHERE result = '';
CREATE INDEX registrations_of_an_id ON registration (tenant, id_hash, uid);
CREATE INDEX registrations_of_a_tenant ON registration (tenant, uid);
CREATE INDEX active_registrations_of_a_tenant ON registration (tenant, uid) WHERE result = '';
CREATE INDEX ends_of_a_tenant ON registration (tenant, ended_at, uid) WHERE result <> '';
CREATE INDEX active_registrations_of_a_shard ON registration (shard, uid) WHERE result = '';
CREATE INDEX unpublished_ends_of_a_shard ON registration (shard, uid)
  WHERE end_version > published_version;

-- Registrations whose requests are being stored and that do not exist yet. What no batch has touched
-- for long was left by a process that died. An abandoned one takes no more batches; it stays until
-- everything that was stored under it is deleted.
CREATE TABLE loading (
  uid        uuid PRIMARY KEY,
  touched_at timestamptz NOT NULL DEFAULT now(),
  abandoned  boolean NOT NULL DEFAULT false
);

-- What was asked: inserted once, never updated. Partitions are days of the uid.
CREATE TABLE request (
  uid           uuid NOT NULL,
  index         int NOT NULL,
  url           text NOT NULL,
  url_key       bigint NOT NULL,
  method        text NOT NULL,
  headers       jsonb,
  body_size     bigint NOT NULL DEFAULT 0,
  body_inline   bytea,
  body_segments jsonb,
  redirect      text NOT NULL DEFAULT 'follow',
  integrity     text,
  PRIMARY KEY (uid, index)
) PARTITION BY RANGE (uid);

CREATE INDEX requests_of_a_url ON request (uid, url_key, index);

-- What came of it: inserted once, never updated. The primary key makes a record end once.
CREATE TABLE outcome (
  uid           uuid NOT NULL,
  index         int NOT NULL,
  result        text NOT NULL,
  error         text,
  attempts      int NOT NULL,
  response      jsonb,
  body_size     bigint,
  body_inline   bytea,
  body_segments jsonb,
  digest        text,
  downloaded    bigint NOT NULL,
  uploaded      bigint NOT NULL,
  PRIMARY KEY (uid, index)
) PARTITION BY RANGE (uid);

-- What is under way and long: later attempts, waiting ones, grants, bodies that still arrive. A record
-- enters it only when there is something to say and leaves it when its outcome is there.
CREATE TABLE under_way (
  shard         int NOT NULL,
  uid           uuid NOT NULL,
  index         int NOT NULL,
  attempt       int NOT NULL,
  tries         int NOT NULL,
  lost          int NOT NULL,
  next_try      timestamptz,
  grant_attempt int,
  grant_token   text,
  response      jsonb,
  body_segments jsonb,
  downloaded    bigint NOT NULL,
  uploaded      bigint NOT NULL,
  uploaded_before bigint NOT NULL,
  PRIMARY KEY (uid, index)
) WITH (fillfactor = 70);

CREATE INDEX waiting_for_a_next_try ON under_way (shard, next_try) WHERE next_try IS NOT NULL;

-- The smallest uid (UUIDv7, RFC 9562 section 5.7) of a moment.
CREATE FUNCTION first_uid_of(moment timestamptz) RETURNS uuid
  LANGUAGE sql IMMUTABLE STRICT
  RETURN (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;

-- Creates the partitions of some days; those that exist stay as they are.
CREATE FUNCTION create_partitions(first_day date, days int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  day date;
  parent text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('bgfetch partitions'));
  FOR day IN SELECT first_day + d FROM generate_series(0, days - 1) AS d LOOP
    FOREACH parent IN ARRAY ARRAY['request', 'outcome'] LOOP
      IF to_regclass(parent || '_' || to_char(day, 'YYYYMMDD')) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
          parent || '_' || to_char(day, 'YYYYMMDD'), parent,
          first_uid_of(day::timestamp AT TIME ZONE 'UTC'),
          first_uid_of((day + 1)::timestamp AT TIME ZONE 'UTC'));
      END IF;
    END LOOP;
  END LOOP;
END $$;
