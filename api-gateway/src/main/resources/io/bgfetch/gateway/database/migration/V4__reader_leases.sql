-- Who is in the middle of a body. While the time of one lasts, no blob of its registration is deleted,
-- whatever became of the registration. A gateway extends its own; those of a dead one run out.
CREATE TABLE reader (
  reader uuid PRIMARY KEY,
  uid    uuid NOT NULL,
  until  timestamptz NOT NULL
);

CREATE INDEX readers_of_a_registration ON reader (uid, until);
