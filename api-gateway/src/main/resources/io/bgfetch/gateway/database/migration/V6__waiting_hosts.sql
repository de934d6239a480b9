-- Whom a record is to be fetched from, host:port, so that those that wait are only read while their
-- host has room. Null in rows that a process of the version before wrote: they are read for any
-- host.
ALTER TABLE under_way ADD COLUMN host text;
