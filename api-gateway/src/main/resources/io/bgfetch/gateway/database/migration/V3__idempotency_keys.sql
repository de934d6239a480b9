-- What clients named their registrations by, so that sending one again makes no second one. A key
-- belongs to one request at a time, for as long as its gateway says so again and again; when the
-- registration is there it remembers it, and what body made it.
CREATE TABLE idempotency_key (
  tenant      text NOT NULL,
  key         text NOT NULL,
  -- The request that has, or had, the key: random.
  holder      uuid NOT NULL,
  -- While the request is under way the end of its lease; then the end of the memory.
  valid_until timestamptz NOT NULL,
  uid         uuid,
  body_hash   bytea,
  PRIMARY KEY (tenant, key),
  CONSTRAINT registered_with_a_body CHECK ((uid IS NULL) = (body_hash IS NULL))
);

CREATE INDEX idempotency_keys_by_their_end ON idempotency_key (valid_until);
-- Keys go with the registration that they remember.
CREATE INDEX idempotency_keys_of_registrations ON idempotency_key (uid) WHERE uid IS NOT NULL;
