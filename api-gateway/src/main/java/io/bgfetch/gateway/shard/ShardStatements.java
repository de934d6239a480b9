package io.bgfetch.gateway.shard;

/** The SQL of a shard. */
final class ShardStatements {

  private ShardStatements() {}

  /** Waits for every transaction of the owner before, which holds the row FOR SHARE. */
  static final String TAKE_OVER =
      """
      INSERT INTO shard_epoch (shard, epoch) VALUES ($1, $2)
      ON CONFLICT (shard) DO UPDATE SET epoch = EXCLUDED.epoch
      """;

  /** A topic that came back under another id begins at its start. */
  static final String FIND_OFFSET =
      """
      INSERT INTO shard_offset AS mine (shard, topic_id, next_offset) VALUES ($1, $2, 0)
      ON CONFLICT (shard) DO UPDATE
        SET next_offset = CASE WHEN mine.topic_id = EXCLUDED.topic_id THEN mine.next_offset ELSE 0 END,
            topic_id = EXCLUDED.topic_id
      RETURNING next_offset
      """;

  /** No row: this shard has another owner now. */
  static final String HOLD_EPOCH =
      """
      SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now
        FROM shard_epoch WHERE shard = $1 AND epoch = $2 FOR SHARE
      """;

  /** In the order of the uids, so that two transactions never wait for each other. */
  static final String LOCK =
      """
      SELECT * FROM registration
       WHERE shard = $1 AND result = '' AND uid = ANY($2) ORDER BY uid FOR UPDATE
      """;

  /** 0 rows: this shard has another owner now. */
  static final String ADVANCE_OFFSET =
      """
      UPDATE shard_offset SET next_offset = $3 WHERE shard = $1 AND next_offset = $2
      """;

  static final String SWEEP =
      """
      SELECT * FROM registration
       WHERE shard = $1 AND result = '' AND uid <> ALL($2)
       ORDER BY uid LIMIT 1000
      """;

  static final String POKED =
      """
      SELECT * FROM registration WHERE shard = $1 AND result = '' AND uid = ANY($2)
      """;

  /**
   * Deleted ones too: their ends are published all the same. The limit makes each one walk of the
   * key, whatever the planner believes of the table.
   */
  static final String READ_ENDED =
      """
      SELECT r.*
        FROM unnest($1::uuid[]) AS w (uid)
       CROSS JOIN LATERAL (SELECT * FROM registration WHERE uid = w.uid LIMIT 1) AS r
       WHERE r.result <> ''
      """;

  static final String UNPUBLISHED_ENDS =
      """
      SELECT * FROM registration WHERE shard = $1 AND end_version > published_version
       ORDER BY uid LIMIT 1000
      """;

  /**
   * Some ends, locked in the order of the uids. Who is first to note one leaves it to the webhooks
   * of the tenant, in the same statement.
   */
  static final String PUBLISHED =
      """
      WITH told AS (
        SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[])
          AS t (uid, version, event_id, type, data)
      ), locked AS (
        SELECT uid FROM registration WHERE uid = ANY($1) ORDER BY uid FOR NO KEY UPDATE
      ), published AS (
        UPDATE registration r SET published_version = t.version
          FROM told AS t JOIN locked AS l ON l.uid = t.uid
         WHERE r.uid = t.uid AND r.published_version < t.version
        RETURNING r.tenant, r.ended_at, t.event_id, t.type, t.data
      )
      INSERT INTO webhook_delivery (id, webhook, tenant, event_id, type, occurred_at, data)
      SELECT uid_of(clock_timestamp()), w.id, w.tenant, p.event_id, p.type, p.ended_at, p.data
        FROM published AS p JOIN webhook AS w ON w.tenant = p.tenant
       WHERE w.place IS NOT NULL AND w.disabled IS NULL AND w.events @> ARRAY[p.type]
      ON CONFLICT DO NOTHING
      """;

  /** Released and not ended; those that wait for a next try are not in flight. */
  static final String RELEASED =
      """
      SELECT q.*, u.attempt, u.tries, u.lost, u.next_try, u.grant_attempt, u.grant_token,
             u.response, u.body_segments AS stored, u.downloaded, u.uploaded, u.uploaded_before,
             u.connected, u.connected_before
        FROM request q
        LEFT JOIN under_way u ON u.uid = q.uid AND u.index = q.index
       WHERE q.uid = $1 AND q.index >= $2 AND q.index < $3 AND u.next_try IS NULL
         AND NOT EXISTS (SELECT FROM outcome o WHERE o.uid = q.uid AND o.index = q.index)
      """;

  /**
   * Those that are due, but for some hosts and registrations; the clock is one that an index can be
   * asked with. The limit makes it one walk of that index, whatever the planner believes of the
   * tables.
   */
  static final String WAITING =
      """
      SELECT u.*, u.body_segments AS stored
        FROM under_way u
       CROSS JOIN LATERAL (
         SELECT FROM registration WHERE uid = u.uid AND result = '' AND NOT paused LIMIT 1) AS r
       WHERE u.shard = $1 AND u.next_try <= now() AND (u.host IS NULL OR u.host <> ALL($3))
         AND u.uid <> ALL($4)
       ORDER BY u.next_try LIMIT $2
      """;

  static final String SOME_WAIT =
      """
      SELECT EXISTS (SELECT FROM under_way WHERE shard = $1 AND next_try IS NOT NULL) AS some_wait
      """;

  /**
   * The first records that name a host, for each stretch of a registration's records; of the URL
   * this is scheme, host and port.
   */
  static final String HOSTS_AHEAD =
      """
      SELECT w.uid, h.first, h.origin
        FROM unnest($1::uuid[], $2::int[], $3::int[]) AS w (uid, first, count)
       CROSS JOIN LATERAL (
         SELECT min(q.index) AS first, substring(q.url FROM '^[a-z]+://[^/?#]+') AS origin
           FROM (SELECT index, url FROM request
                  WHERE uid = w.uid AND index >= w.first AND index < w.first + w.count
                  ORDER BY index LIMIT w.count) AS q
          GROUP BY 2 ORDER BY 1 LIMIT $4) AS h
       ORDER BY w.uid, h.first
      """;

  /** The limit makes each range one walk of the key, whatever the planner believes of the table. */
  static final String REQUESTS =
      """
      SELECT q.* FROM unnest($1::uuid[], $2::int[], $3::int[]) AS w (uid, first, count)
       CROSS JOIN LATERAL (
         SELECT * FROM request
          WHERE uid = w.uid AND index >= w.first AND index < w.first + w.count
          ORDER BY index LIMIT w.count) AS q
      """;

  /** The primary key makes a record end once. */
  static final String END_RECORDS =
      """
      INSERT INTO outcome (uid, index, result, error, attempts, response, body_size, body_inline,
                           body_segments, digest, downloaded, uploaded)
      SELECT uid, index, result, error, attempts, response::jsonb, body_size, body_inline,
             body_segments::jsonb, digest, downloaded, uploaded
        FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::int[], $6::text[],
                    $7::bigint[], $8::bytea[], $9::text[], $10::text[], $11::bigint[], $12::bigint[])
          AS e (uid, index, result, error, attempts, response, body_size, body_inline,
                body_segments, digest, downloaded, uploaded)
      ON CONFLICT DO NOTHING
      """;

  static final String WRITE_UNDER_WAY =
      """
      INSERT INTO under_way AS mine (shard, uid, index, attempt, tries, lost, next_try,
                                     grant_attempt, grant_token, response, body_segments,
                                     downloaded, uploaded, uploaded_before,
                                     connected, connected_before, host)
      SELECT $1, uid, index, attempt, tries, lost, to_timestamp(next_try / 1000.0),
             grant_attempt, grant_token, response::jsonb, body_segments::jsonb, downloaded, uploaded,
             uploaded_before, connected, connected_before, host
        FROM unnest($2::uuid[], $3::int[], $4::int[], $5::int[], $6::int[], $7::bigint[],
                    $8::int[], $9::text[], $10::text[], $11::text[], $12::bigint[], $13::bigint[], $14::bigint[],
                    $15::bigint[], $16::bigint[], $17::text[])
          AS w (uid, index, attempt, tries, lost, next_try, grant_attempt, grant_token, response,
                body_segments, downloaded, uploaded, uploaded_before, connected, connected_before,
                host)
      ON CONFLICT (uid, index) DO UPDATE
        SET attempt = EXCLUDED.attempt, tries = EXCLUDED.tries, lost = EXCLUDED.lost,
            next_try = EXCLUDED.next_try, grant_attempt = EXCLUDED.grant_attempt,
            grant_token = EXCLUDED.grant_token, response = EXCLUDED.response,
            body_segments = EXCLUDED.body_segments, downloaded = EXCLUDED.downloaded,
            uploaded = EXCLUDED.uploaded, uploaded_before = EXCLUDED.uploaded_before, connected = EXCLUDED.connected,
            connected_before = EXCLUDED.connected_before, host = EXCLUDED.host
      """;

  /** In the order of the tenants, and after the rows of the registrations. */
  static final String STORE =
      """
      INSERT INTO storage AS mine (tenant, shard, bytes)
      SELECT tenant, $1, bytes FROM unnest($2::text[], $3::bigint[]) AS s (tenant, bytes)
       ORDER BY tenant
      ON CONFLICT (tenant, shard) DO UPDATE SET bytes = mine.bytes + EXCLUDED.bytes
      """;

  /** What tenants have stored, over all shards; nobody has less than nothing. */
  static final String STORAGE =
      """
      SELECT tenant, greatest(sum(bytes), 0)::bigint AS bytes
        FROM storage WHERE tenant = ANY($1) GROUP BY tenant
      """;

  static final String CLICKS =
      """
      SELECT uid, version FROM click WHERE shard = $1 AND uid = ANY($2) ORDER BY version
      """;

  /**
   * Registrations whose clicks were not published, as far as Postgres knows; of those that are not
   * there any more nobody is to be told.
   */
  static final String CLICKED =
      """
      WITH gone AS (
        DELETE FROM click c
         WHERE shard = $1 AND NOT EXISTS (SELECT FROM registration r WHERE r.uid = c.uid)
      )
      SELECT DISTINCT uid FROM (SELECT uid FROM click WHERE shard = $1 LIMIT 1000) AS those
      """;

  /** As with an end. */
  static final String CLICK_PUBLISHED =
      """
      WITH published AS (
        DELETE FROM click WHERE shard = $1 AND uid = $2 AND version = $3
        RETURNING at
      )
      INSERT INTO webhook_delivery (id, webhook, tenant, event_id, type, occurred_at, data)
      SELECT uid_of(clock_timestamp()), w.id, w.tenant, $5, $6, p.at, $7
        FROM published AS p JOIN webhook AS w ON w.tenant = $4
       WHERE w.place IS NOT NULL AND w.disabled IS NULL AND w.events @> ARRAY[$6]
      ON CONFLICT DO NOTHING
      """;

  static final String LEAVE_UNDER_WAY =
      """
      DELETE FROM under_way u USING unnest($1::uuid[], $2::int[]) AS l (uid, index)
       WHERE u.uid = l.uid AND u.index = l.index
      """;

  /** Nothing of an ended registration waits any more. */
  static final String STOP_WAITING =
      """
      UPDATE under_way SET next_try = NULL WHERE uid = ANY($1) AND next_try IS NOT NULL
      """;

  /** Every change raises the version; an end sets everything that belongs to it at once. */
  static final String CHANGE =
      """
      UPDATE registration r
         SET dispatched = c.dispatched, settled = c.settled, succeeded = c.succeeded,
             failed = c.failed, downloaded = c.downloaded, uploaded = c.uploaded,
             first_failure = c.first_failure, result = c.result, failure_reason = c.failure_reason,
             version = c.version,
             end_version = CASE WHEN c.result <> '' THEN c.version END,
             ended_at = CASE WHEN c.result <> '' THEN clock_timestamp() END,
             expires_at = CASE WHEN c.result <> ''
               THEN clock_timestamp() + make_interval(secs => r.retention_seconds) END
        FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::int[], $6::bigint[],
                    $7::bigint[], $8::text[], $9::text[], $10::text[], $11::bigint[])
          AS c (uid, dispatched, settled, succeeded, failed, downloaded, uploaded, first_failure,
                result, failure_reason, version)
       WHERE r.uid = c.uid
      RETURNING r.*
      """;
}
