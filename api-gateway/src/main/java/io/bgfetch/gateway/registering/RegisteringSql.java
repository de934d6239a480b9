package io.bgfetch.gateway.registering;

/**
 * The statements by which a registration comes to be. It has its tenant from the moment that it is
 * there; what is still loading is known to its gateway alone, by a uid that nobody else has heard.
 */
final class RegisteringSql {

  static final String OPEN_LOADING =
      """
      INSERT INTO loading (uid) VALUES ($1)
      """;

  static final String TOUCH_LOADING =
      """
      UPDATE loading SET touched_at = now() WHERE uid = $1 AND NOT abandoned
      """;

  /** 0 rows: the loading was abandoned, nothing may be added any more. */
  static final String STORE_BATCH =
      """
      WITH touched AS (
        UPDATE loading SET touched_at = now() WHERE uid = $1 AND NOT abandoned RETURNING uid
      )
      INSERT INTO request (uid, index, url, url_key, method, headers, body_size, body_inline,
                           body_segments, redirect, integrity, sealed_headers)
      SELECT touched.uid, $2::int + r.n::int - 1, r.url, r.url_key, r.method, r.headers::jsonb,
             r.body_size, r.body_inline, r.body_segments::jsonb, r.redirect, r.integrity,
             r.sealed_headers::jsonb
        FROM touched,
             unnest($3::text[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::bytea[],
                    $9::text[], $10::text[], $11::text[], $12::text[])
               WITH ORDINALITY AS r(url, url_key, method, headers, body_size, body_inline,
                                    body_segments, redirect, integrity, sealed_headers, n)
      """;

  /**
   * The registration, its last batch, what its tenant stores and what its idempotency key
   * remembers, all at once. One row comes back always: how many registrations were active, at most
   * as many as may be; whether what it declares fits the quota; and the new registration, unless
   * one of these forbade it, the loading was abandoned or the key is held by somebody else now.
   */
  static final String REGISTER =
      """
      WITH active AS (
        SELECT count(*) AS n
          FROM (SELECT FROM registration WHERE tenant = $2 AND result = '' LIMIT $21::int) AS those
      ), room AS (
        SELECT $17::bigint + $18::bigint
                 <= greatest($22::bigint - greatest(coalesce(sum(bytes), 0), 0), 0) AS fits
          FROM storage WHERE tenant = $2
      ), allowed AS (
        SELECT active.n, room.fits, active.n < $21::int AND room.fits AS granted FROM active, room
      ), remembered AS (
        UPDATE idempotency_key
           SET uid = $1, body_hash = $26, valid_until = now() + make_interval(secs => $27)
         WHERE tenant = $2 AND key = $24::text AND holder = $25::uuid AND uid IS NULL
           AND (SELECT granted FROM allowed)
        RETURNING key
      ), loaded AS (
        DELETE FROM loading
         WHERE uid = $1 AND NOT abandoned AND (SELECT granted FROM allowed)
           AND ($24::text IS NULL OR EXISTS (SELECT FROM remembered))
        RETURNING uid
      ), created AS (
        INSERT INTO registration (uid, tenant, id, id_hash, shard, title, icons, base,
                                  retry_limit, retry_statuses, retry_unsafe,
                                  connect_millis, first_byte_millis, idle_millis, total_millis,
                                  retention_seconds, upload_total, download_total, total, all_get,
                                  version)
        SELECT $1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
               $18, $19, $20, (extract(epoch FROM now()) * 1000)::bigint
          FROM allowed
         WHERE allowed.granted
           AND (NOT $23::boolean OR EXISTS (SELECT FROM loaded))
           AND ($24::text IS NULL OR EXISTS (SELECT FROM remembered))
        RETURNING *
      ), requested AS (
        INSERT INTO request (uid, index, url, url_key, method, headers, body_size, body_inline,
                             body_segments, redirect, integrity, sealed_headers)
        SELECT created.uid, $28::int + r.n::int - 1, r.url, r.url_key, r.method, r.headers::jsonb,
               r.body_size, r.body_inline, r.body_segments::jsonb, r.redirect, r.integrity,
               r.sealed_headers::jsonb
          FROM created,
               unnest($29::text[], $30::bigint[], $31::text[], $32::text[], $33::bigint[],
                      $34::bytea[], $35::text[], $36::text[], $37::text[], $38::text[])
                 WITH ORDINALITY AS r(url, url_key, method, headers, body_size, body_inline,
                                      body_segments, redirect, integrity, sealed_headers, n)
      ), stored AS (
        INSERT INTO storage AS s (tenant, shard, bytes)
        SELECT tenant, shard, upload_total FROM created WHERE upload_total > 0
        ON CONFLICT (tenant, shard) DO UPDATE SET bytes = s.bytes + EXCLUDED.bytes
      )
      SELECT allowed.n AS active, allowed.fits, created.* FROM allowed LEFT JOIN created ON true
      """;

  /**
   * Some registrations of one batch each and without an idempotency key. Those that came to be come
   * back. Of the others {@link #REGISTER} says why not; it also makes those that are left out here
   * because of what others in the group ask for. In the order of ids and tenants, so that two such
   * statements do not wait for each other.
   */
  static final String REGISTER_GROUP =
      """
      WITH asked AS (
        SELECT a.*, row_number() OVER same AS place, sum(a.upload_total) OVER same AS uploads
          FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::int[], $6::text[],
                      $7::text[], $8::text[], $9::int[], $10::text[], $11::boolean[],
                      $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[],
                      $17::bigint[], $18::bigint[], $19::int[], $20::boolean[])
                 AS a (uid, tenant, id, id_hash, shard, title, icons, base, retry_limit,
                       retry_statuses, retry_unsafe, connect_millis, first_byte_millis,
                       idle_millis, total_millis, retention_seconds, upload_total, download_total,
                       total, all_get)
        WINDOW same AS (PARTITION BY a.tenant ORDER BY a.uid)
      ), had AS (
        SELECT t.tenant,
               (SELECT count(*)
                  FROM (SELECT FROM registration
                         WHERE tenant = t.tenant AND result = '' LIMIT $21::int) AS those) AS active,
               (SELECT greatest($22::bigint - greatest(coalesce(sum(bytes), 0), 0), 0)
                  FROM storage WHERE tenant = t.tenant) AS room
          FROM (SELECT DISTINCT tenant FROM asked) AS t
      ), created AS (
        INSERT INTO registration (uid, tenant, id, id_hash, shard, title, icons, base,
                                  retry_limit, retry_statuses, retry_unsafe,
                                  connect_millis, first_byte_millis, idle_millis, total_millis,
                                  retention_seconds, upload_total, download_total, total, all_get,
                                  version)
        SELECT a.uid, a.tenant, a.id, a.id_hash, a.shard, a.title, a.icons::jsonb, a.base,
               a.retry_limit, a.retry_statuses::int[], a.retry_unsafe, a.connect_millis,
               a.first_byte_millis, a.idle_millis, a.total_millis, a.retention_seconds,
               a.upload_total, a.download_total, a.total, a.all_get,
               (extract(epoch FROM now()) * 1000)::bigint
          FROM asked AS a JOIN had ON had.tenant = a.tenant
         WHERE had.active + a.place <= $21::int AND a.uploads + a.download_total <= had.room
         ORDER BY a.tenant, a.id_hash
        ON CONFLICT (tenant, id_hash) WHERE result = '' DO NOTHING
        RETURNING *
      ), requested AS (
        INSERT INTO request (uid, index, url, url_key, method, headers, body_size, body_inline,
                             body_segments, redirect, integrity, sealed_headers)
        SELECT r.uid, r.index, r.url, r.url_key, r.method, r.headers::jsonb, r.body_size,
               r.body_inline, r.body_segments::jsonb, r.redirect, r.integrity,
               r.sealed_headers::jsonb
          FROM unnest($23::uuid[], $24::int[], $25::text[], $26::bigint[], $27::text[],
                      $28::text[], $29::bigint[], $30::bytea[], $31::text[], $32::text[],
                      $33::text[], $34::text[])
                 AS r (uid, index, url, url_key, method, headers, body_size, body_inline,
                       body_segments, redirect, integrity, sealed_headers)
          JOIN created ON created.uid = r.uid
      ), stored AS (
        INSERT INTO storage AS s (tenant, shard, bytes)
        SELECT tenant, shard, sum(upload_total) FROM created WHERE upload_total > 0
         GROUP BY tenant, shard ORDER BY tenant, shard
        ON CONFLICT (tenant, shard) DO UPDATE SET bytes = s.bytes + EXCLUDED.bytes
      )
      SELECT * FROM created
      """;

  /**
   * What {@link #REGISTER} will decide by, as it is now. Storage below zero counts as none, so that
   * the room is never more than the quota, nor than a bigint.
   */
  static final String ADMIT =
      """
      SELECT (SELECT count(*)
                FROM (SELECT FROM registration WHERE tenant = $1 AND result = '' LIMIT $3::int)
                  AS those) AS active,
             (SELECT uid FROM registration WHERE tenant = $1 AND id_hash = $2 AND result = '') AS uid,
             (SELECT greatest($4::bigint - greatest(coalesce(sum(bytes), 0), 0), 0)::bigint
                FROM storage WHERE tenant = $1) AS room
      """;

  /** Whose registration has the id now. */
  static final String FIND_ACTIVE_OF_ID =
      """
      SELECT uid FROM registration WHERE tenant = $1 AND id_hash = $2 AND result = ''
      """;

  /** Waits for the batch that is being stored; from then on none is. 0 rows: it became visible. */
  static final String ABANDON =
      """
      UPDATE loading SET abandoned = true WHERE uid = $1
      """;

  /** Some at a time, so that no statement takes long. */
  static final String DELETE_SOME_REQUESTS =
      """
      DELETE FROM request
       WHERE uid = $1 AND index = ANY(ARRAY(SELECT index FROM request WHERE uid = $1 LIMIT 10000))
      """;

  static final String CLOSE_LOADING =
      """
      DELETE FROM loading WHERE uid = $1
      """;

  /** As many as {@link #FIND_LEFT_BEHIND} finds at most. */
  static final int LEFT_BEHIND_PAGE = 100;

  static final String FIND_LEFT_BEHIND =
      """
      SELECT uid FROM loading
       WHERE abandoned OR touched_at < now() - make_interval(secs => $1)
       ORDER BY touched_at LIMIT $2
      """;

  private RegisteringSql() {}
}
