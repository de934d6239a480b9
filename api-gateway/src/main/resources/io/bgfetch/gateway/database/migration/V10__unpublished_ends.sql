-- Ends that are to be published. A note of that in the row of a registration would write the row and
-- its entries in a dozen indexes once more for each.
CREATE TABLE unpublished_end (
  shard    int NOT NULL,
  uid      uuid NOT NULL,
  ended_at timestamptz NOT NULL,
  PRIMARY KEY (shard, uid)
);

INSERT INTO unpublished_end (shard, uid, ended_at)
SELECT shard, uid, ended_at FROM registration WHERE end_version > published_version;

-- Whoever ends a registration: no end can be left out.
CREATE FUNCTION keep_unpublished_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO unpublished_end (shard, uid, ended_at)
  VALUES (NEW.shard, NEW.uid, NEW.ended_at);
  RETURN NULL;
END $$;

CREATE TRIGGER ends_are_published AFTER UPDATE OF result ON registration
  FOR EACH ROW WHEN (OLD.result = '' AND NEW.result <> '') EXECUTE FUNCTION keep_unpublished_end();

DROP INDEX unpublished_ends_of_a_shard;
ALTER TABLE registration DROP COLUMN published_version;

-- A row is written soon after it came, when its first records are released: with room beside it, and
-- nothing in any index changed, that is one write in the same page.
ALTER TABLE registration SET (fillfactor = 70);
