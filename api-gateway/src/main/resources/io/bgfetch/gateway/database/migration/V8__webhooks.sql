-- Where tenants want to be told of ends and clicks, and what is to be told them. Processes of the
-- version before know nothing of it: what they publish while both run is told to no webhook.

-- A random uid of a moment (UUIDv7, RFC 9562 section 5.7).
CREATE FUNCTION uid_of(moment timestamptz) RETURNS uuid
  LANGUAGE sql VOLATILE STRICT
  RETURN (substr(first_uid_of(moment)::text, 1, 14) || '7' || substr(gen_random_uuid()::text, 16))::uuid;

CREATE TABLE webhook (
  id              uuid PRIMARY KEY,
  tenant          text NOT NULL,
  -- Tenants have so many places for webhooks; a deleted one has given its place back and waits for
  -- its deliveries to be deleted.
  place           int CONSTRAINT a_tenant_has_few_webhooks CHECK (place BETWEEN 1 AND 16),
  url             text NOT NULL,
  events          text[] NOT NULL CONSTRAINT a_webhook_hears_of_something CHECK (cardinality(events) > 0),
  -- Sealed with the cluster's key.
  secret          text NOT NULL,
  -- Those before, which sign along for a while, the newest first; and until when each does.
  previous_secrets text[] NOT NULL DEFAULT '{}',
  previous_until  timestamptz[] NOT NULL DEFAULT '{}',
  -- Why nothing is sent: requested by a client, or gone, as the receiver said; null while it is enabled.
  disabled        text CONSTRAINT disabled_for_a_known_reason CHECK (disabled IN ('requested', 'gone')),
  disabled_at     timestamptz,
  enabled_at      timestamptz NOT NULL DEFAULT now(),
  -- When a gateway last took something to send to it.
  served_at       timestamptz,
  -- The receiver asked for silence until then.
  silent_until    timestamptz,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT a_place_is_taken_once UNIQUE (tenant, place),
  CONSTRAINT a_previous_secret_has_an_end CHECK
    (cardinality(previous_secrets) = cardinality(previous_until)),
  CONSTRAINT disabled_at_some_time CHECK ((disabled IS NULL) = (disabled_at IS NULL))
);

CREATE INDEX deleted_webhooks ON webhook (id) WHERE place IS NULL;

-- One event for one webhook. What is sent is made of type, occurred_at and data, which never change.
CREATE TABLE webhook_delivery (
  id           uuid PRIMARY KEY,
  webhook      uuid NOT NULL REFERENCES webhook,
  tenant       text NOT NULL,
  -- That of the event on the progress topic: {uid}:{version}:{type}.
  event_id     text NOT NULL,
  type         text NOT NULL,
  occurred_at  timestamptz NOT NULL,
  -- The registration as JSON; text keeps it as it was written.
  data         text NOT NULL,
  state        text NOT NULL DEFAULT 'waiting'
    CONSTRAINT a_delivery_waits_or_is_over CHECK (state IN ('waiting', 'delivered', 'failed')),
  -- All of them, and those since it was first sent or last ordered again.
  attempts     int NOT NULL DEFAULT 0,
  tries        int NOT NULL DEFAULT 0,
  -- Since when it is to be sent: since it was made or last ordered again.
  since        timestamptz NOT NULL DEFAULT now(),
  -- From when on a gateway may take it; while one has it, until when.
  due_at       timestamptz DEFAULT now(),
  lease        uuid,
  tried_at     timestamptz,
  took_millis  int,
  status       int,
  error        text,
  created_at   timestamptz NOT NULL DEFAULT now(),
  over_at      timestamptz,
  CONSTRAINT an_event_is_delivered_once UNIQUE (webhook, event_id),
  CONSTRAINT what_waits_is_due_some_time CHECK ((state = 'waiting') = (due_at IS NOT NULL)),
  CONSTRAINT what_is_over_ended_some_time CHECK ((state = 'waiting') = (over_at IS NULL)),
  CONSTRAINT only_what_waits_is_leased CHECK (lease IS NULL OR state = 'waiting')
) WITH (fillfactor = 80);

-- Delivered ones pile up for days; who looks for work walks over the waiting ones only.
CREATE INDEX waiting_deliveries ON webhook_delivery (webhook, due_at) WHERE state = 'waiting';
CREATE INDEX oldest_waiting_deliveries ON webhook_delivery (webhook, since) WHERE state = 'waiting';
CREATE INDEX deliveries_of_a_webhook ON webhook_delivery (webhook, id);
CREATE INDEX troubled_deliveries_of_a_webhook ON webhook_delivery (webhook, state, id)
  WHERE state <> 'delivered';
CREATE INDEX deliveries_that_are_over ON webhook_delivery (over_at) WHERE state <> 'waiting';

-- When a person clicked: events tell it.
ALTER TABLE click ADD COLUMN at timestamptz NOT NULL DEFAULT now();
