-- What is still to be deleted of registrations whose records are needed no longer. Processes of the
-- version before go on beside it: what they do not write has a default.

ALTER TABLE registration
  -- From when on the rows of its requests and outcomes may go; null before its records were given
  -- up, and again once the rows are gone.
  ADD COLUMN rows_due_at timestamptz,
  -- Nothing of it is in the blob store any more.
  ADD COLUMN blobs_deleted boolean NOT NULL DEFAULT false,
  -- What attempts left in the blob store that lost has been deleted.
  ADD COLUMN swept boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT available_bodies_stay CHECK (NOT (records_available AND blobs_deleted));

-- One index for each duty, of what it has still to do and nothing else.
CREATE INDEX registrations_that_expire ON registration (expires_at) WHERE records_available;
CREATE INDEX registrations_with_blobs_to_delete ON registration (uid)
  WHERE NOT records_available AND NOT blobs_deleted;
CREATE INDEX registrations_with_rows_to_delete ON registration (rows_due_at)
  WHERE rows_due_at IS NOT NULL;
CREATE INDEX registrations_to_sweep ON registration (ended_at) WHERE NOT swept;
CREATE INDEX registrations_to_forget ON registration (expires_at) WHERE NOT records_available;

-- A day's partition stays while one of these has its uid of that day.
CREATE INDEX registrations_that_hold_their_day ON registration (uid) WHERE NOT blobs_deleted;

-- Who does a duty that one gateway does at a time.
CREATE TABLE duty_lease (
  duty   text PRIMARY KEY,
  holder uuid NOT NULL,
  until  timestamptz NOT NULL
);

-- Drops one partition that nobody needs any more and answers its name; null when there is none. Days
-- from yesterday on are never dropped: registrations may still come to them. A day's requests go
-- before its outcomes: without them no registration of the day can come, and so none is there that
-- could not end. What is locked is locked for a moment, and given up at once where somebody else is
-- at it.
CREATE FUNCTION drop_free_partition() RETURNS text LANGUAGE plpgsql SET lock_timeout = '500ms' AS $$
DECLARE
  part record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('bgfetch partitions'));
  FOR part IN
    SELECT p.relname AS parent, c.relname AS name, to_date(right(c.relname, 8), 'YYYYMMDD') AS day
      FROM pg_inherits i
      JOIN pg_class p ON p.oid = i.inhparent
      JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent IN ('request'::regclass, 'outcome'::regclass)
     ORDER BY day, parent DESC
  LOOP
    CONTINUE WHEN part.day >= (now() AT TIME ZONE 'UTC')::date - 1 OR is_day_needed(part.day);
    -- From here on nobody can store anything of the day; what was stored before is seen.
    EXECUTE format('LOCK TABLE ONLY %I IN ACCESS EXCLUSIVE MODE', part.parent);
    CONTINUE WHEN is_day_needed(part.day);
    EXECUTE format('DROP TABLE %I', part.name);
    RETURN part.name;
  END LOOP;
  RETURN NULL;
END $$;

-- Whether a registration of this day is loading, active, available, or still being read.
CREATE FUNCTION is_day_needed(day date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  first uuid := first_uid_of(day::timestamp AT TIME ZONE 'UTC');
  beyond uuid := first_uid_of((day + 1)::timestamp AT TIME ZONE 'UTC');
BEGIN
  RETURN EXISTS (SELECT FROM loading WHERE uid >= first AND uid < beyond)
      OR EXISTS (SELECT FROM registration
                  WHERE NOT blobs_deleted AND uid >= first AND uid < beyond);
END $$;
