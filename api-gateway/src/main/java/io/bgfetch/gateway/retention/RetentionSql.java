package io.bgfetch.gateway.retention;

/**
 * The statements by which what is needed no longer goes. They work for all tenants. Each that looks
 * for work has an index of just that work, and takes a bounded part of it.
 */
final class RetentionSql {

  static final String FIND_EXPIRED =
      """
      SELECT tenant, uid FROM registration
       WHERE records_available AND expires_at <= now()
       ORDER BY expires_at LIMIT 500
      """;

  /** Who reads may read on: a registration with a reader is looked at again later. */
  static final String FIND_BLOBS_TO_DELETE =
      """
      SELECT uid FROM registration AS r
       WHERE NOT records_available AND NOT blobs_deleted AND result <> ''
         AND NOT EXISTS (SELECT FROM reader WHERE reader.uid = r.uid AND reader.until > now())
       ORDER BY uid LIMIT 100
      """;

  static final String BLOBS_ARE_DELETED =
      """
      UPDATE registration SET blobs_deleted = true WHERE uid = $1 AND NOT records_available
      """;

  /** After the blobs: as long as those are read, what names them stays. */
  static final String FIND_ROWS_TO_DELETE =
      """
      SELECT uid FROM registration
       WHERE rows_due_at <= now() AND blobs_deleted
       ORDER BY rows_due_at LIMIT 100
      """;

  /** Some at a time, so that no statement takes long. */
  static final String DELETE_SOME_ROWS =
      """
      WITH asked AS (
        DELETE FROM request
         WHERE uid = $1 AND index = ANY(ARRAY(SELECT index FROM request WHERE uid = $1 LIMIT 5000))
        RETURNING index
      ), ended AS (
        DELETE FROM outcome
         WHERE uid = $1 AND index = ANY(ARRAY(SELECT index FROM outcome WHERE uid = $1 LIMIT 5000))
        RETURNING index
      ), under AS (
        DELETE FROM under_way
         WHERE uid = $1
           AND index = ANY(ARRAY(SELECT index FROM under_way WHERE uid = $1 LIMIT 5000))
        RETURNING index
      )
      SELECT count(*) AS deleted
        FROM (TABLE asked UNION ALL TABLE ended UNION ALL TABLE under) AS gone
      """;

  static final String ROWS_ARE_DELETED =
      """
      UPDATE registration SET rows_due_at = NULL WHERE uid = $1
      """;

  static final String FIND_DELETED =
      """
      SELECT tenant, uid FROM registration
       WHERE deleted AND records_available AND published_version >= end_version
       ORDER BY uid LIMIT 100
      """;

  /** What a client deleted does not wait for its partition. */
  static final String HASTEN_DELETED =
      """
      UPDATE registration SET rows_due_at = now()
       WHERE uid = ANY(ARRAY(SELECT uid FROM registration
                              WHERE deleted AND rows_due_at > now() LIMIT 500))
         AND rows_due_at > now()
      """;

  static final String FORGET_DELETED =
      """
      WITH gone AS (
        DELETE FROM registration
         WHERE uid = ANY(ARRAY(
           SELECT uid FROM registration AS r
            WHERE deleted AND blobs_deleted AND rows_due_at IS NULL
              AND published_version >= end_version
              AND NOT EXISTS (SELECT FROM click WHERE click.uid = r.uid)
            ORDER BY uid LIMIT 500))
        RETURNING uid
      ), unread AS (
        DELETE FROM reader USING gone WHERE reader.uid = gone.uid
      ), unremembered AS (
        DELETE FROM idempotency_key AS k USING gone WHERE k.uid = gone.uid
      )
      SELECT uid FROM gone
      """;

  static final String FORGET_EXPIRED =
      """
      WITH gone AS (
        DELETE FROM registration
         WHERE uid = ANY(ARRAY(
           SELECT uid FROM registration AS r
            WHERE NOT records_available AND expires_at < now() - interval '7 days'
              AND blobs_deleted AND rows_due_at IS NULL
              AND published_version >= end_version
              AND NOT EXISTS (SELECT FROM click WHERE click.uid = r.uid)
            ORDER BY expires_at LIMIT 500))
        RETURNING uid
      ), unread AS (
        DELETE FROM reader USING gone WHERE reader.uid = gone.uid
      ), unremembered AS (
        DELETE FROM idempotency_key AS k USING gone WHERE k.uid = gone.uid
      )
      SELECT uid FROM gone
      """;

  /**
   * A worker that was cut off may store a segment some time after the end. After a quarter of an
   * hour there is none; should there be one, it goes with the bodies of its registration.
   */
  static final String FIND_UNSWEPT =
      """
      SELECT uid FROM registration
       WHERE NOT swept AND ended_at < now() - interval '15 minutes'
       ORDER BY ended_at LIMIT 100
      """;

  /** The blobs that these records of a registration consist of. */
  static final String FIND_NAMED =
      """
      SELECT segment ->> 'key' AS key
        FROM request, jsonb_array_elements(body_segments) AS segment
       WHERE uid = $1 AND index = ANY($2) AND body_segments IS NOT NULL
      UNION ALL
      SELECT segment ->> 'key' AS key
        FROM outcome, jsonb_array_elements(body_segments) AS segment
       WHERE uid = $1 AND index = ANY($2) AND body_segments IS NOT NULL
      """;

  static final String IS_SWEPT =
      """
      UPDATE registration SET swept = true WHERE uid = $1
      """;

  /** Those of which there is no registration and none is on its way. */
  static final String FIND_STRAY =
      """
      SELECT found.uid FROM unnest($1::uuid[]) AS found (uid)
       WHERE NOT EXISTS (SELECT FROM registration WHERE registration.uid = found.uid)
         AND NOT EXISTS (SELECT FROM loading WHERE loading.uid = found.uid)
      """;

  /** Who is at a row now, blocks its host anew. */
  static final String FORGIVE_HOSTS =
      """
      DELETE FROM host_block
       WHERE host = ANY(ARRAY(SELECT host FROM host_block WHERE forgiven_at <= now()
                               LIMIT 500 FOR UPDATE SKIP LOCKED))
      """;

  /** Of silent workers, of shards without an owner, and of minutes that are shown no more. */
  static final String DELETE_STATISTICS =
      """
      WITH silent AS (
        DELETE FROM worker WHERE last_report_at < now() - interval '1 minute'
      ), unowned AS (
        DELETE FROM shard_load WHERE at < now() - interval '1 minute'
      )
      DELETE FROM traffic WHERE at < now() - interval '11 minutes'
      """;

  static final String FORGET_SECRETS =
      """
      UPDATE webhook
         SET previous_secrets = ARRAY(
               SELECT p.secret FROM unnest(previous_secrets, previous_until)
                                    WITH ORDINALITY AS p (secret, until, place)
                WHERE p.until >= now() ORDER BY p.place),
             previous_until = ARRAY(
               SELECT p.until FROM unnest(previous_until) WITH ORDINALITY AS p (until, place)
                WHERE p.until >= now() ORDER BY p.place)
       WHERE previous_until[cardinality(previous_until)] < now()
      """;

  /** What waited for a webhook that nobody has enabled for a week. */
  static final String GIVE_UP_HELD_DELIVERIES =
      """
      UPDATE webhook_delivery
         SET state = 'failed', due_at = NULL, lease = NULL, over_at = now(),
             error = 'the webhook was disabled for 7 days'
       WHERE state = 'waiting' AND id = ANY(ARRAY(
         SELECT d.id FROM webhook AS w
          CROSS JOIN LATERAL (
            SELECT id FROM webhook_delivery
             WHERE webhook = w.id AND state = 'waiting' LIMIT 1000) AS d
          WHERE w.disabled_at < now() - interval '7 days' LIMIT 1000))
      """;

  /**
   * What waits for its turn although its webhook could have been sent it for two days: a receiver
   * takes less than happens, or nothing. What a gateway is sending just now is left to it.
   */
  static final String GIVE_UP_OLD_DELIVERIES =
      """
      UPDATE webhook_delivery
         SET state = 'failed', due_at = NULL, lease = NULL, over_at = now(),
             error = concat_ws(': ', 'it could not be delivered within 2 days', error)
       WHERE state = 'waiting' AND (lease IS NULL OR due_at <= now()) AND id = ANY(ARRAY(
         SELECT d.id FROM webhook AS w
          CROSS JOIN LATERAL (
            SELECT id FROM webhook_delivery
             WHERE webhook = w.id AND state = 'waiting' AND since < now() - interval '2 days'
               AND (lease IS NULL OR due_at <= now())
             ORDER BY since LIMIT 1000) AS d
          WHERE w.disabled IS NULL AND w.enabled_at < now() - interval '2 days' LIMIT 1000))
      """;

  static final String FORGET_DELIVERIES =
      """
      DELETE FROM webhook_delivery
       WHERE state <> 'waiting' AND id = ANY(ARRAY(
         SELECT id FROM webhook_delivery
          WHERE state <> 'waiting' AND over_at < now() - interval '7 days'
          ORDER BY over_at LIMIT 1000))
      """;

  static final String DELETE_DELIVERIES =
      """
      DELETE FROM webhook_delivery
       WHERE id = ANY(ARRAY(
         SELECT d.id FROM webhook AS w
          CROSS JOIN LATERAL (
            SELECT id FROM webhook_delivery WHERE webhook = w.id LIMIT 1000) AS d
          WHERE w.place IS NULL LIMIT 1000))
      """;

  static final String DELETE_WEBHOOKS =
      """
      DELETE FROM webhook AS w
       WHERE place IS NULL
         AND NOT EXISTS (SELECT FROM webhook_delivery AS d WHERE d.webhook = w.id)
      """;

  static final String DROP_FREE_PARTITION =
      """
      SELECT drop_free_partition() AS dropped
      """;

  /** 0 rows: another gateway has it. */
  static final String TAKE_LEASE =
      """
      INSERT INTO duty_lease AS held (duty, holder, until)
      VALUES ($1, $2, now() + make_interval(secs => $3))
      ON CONFLICT (duty) DO UPDATE SET holder = EXCLUDED.holder, until = EXCLUDED.until
        WHERE held.holder = EXCLUDED.holder OR held.until <= now()
      """;

  static final String GIVE_LEASE_BACK =
      """
      UPDATE duty_lease SET until = now() WHERE duty = $1 AND holder = $2
      """;

  private RetentionSql() {}
}
