-- Who reads a body right now. What a reader has a lease of is not deleted under its hands.
CREATE TABLE reader (
  uid    uuid NOT NULL,
  reader uuid NOT NULL,
  until  timestamptz NOT NULL,
  PRIMARY KEY (uid, reader)
);
