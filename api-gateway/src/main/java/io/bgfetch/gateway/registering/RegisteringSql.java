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

  /** 0 rows: the loading was abandoned, nothing may be added any more. */
  static final String STORE_BATCH =
      """
      WITH touched AS (
        UPDATE loading SET touched_at = now() WHERE uid = $1 AND NOT abandoned RETURNING uid
      )
      INSERT INTO request (uid, index, url, url_key, method, headers,
                           body_size, body_inline, body_segments, redirect, integrity)
      SELECT touched.uid, $2::int + r.n::int - 1, r.url, r.url_key, r.method, r.headers::jsonb,
             r.body_size, r.body_inline, r.body_segments::jsonb, r.redirect, r.integrity
        FROM touched,
             unnest($3::text[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::bytea[],
                    $9::text[], $10::text[], $11::text[])
               WITH ORDINALITY AS r(url, url_key, method, headers, body_size, body_inline,
                                    body_segments, redirect, integrity, n)
      """;

  /**
   * The registration and its last batch at once. One row comes back always: how many registrations
   * were active, at most as many as may be, and the new one unless that was too many.
   */
  static final String REGISTER =
      """
      WITH active AS (
        SELECT count(*) AS n
          FROM (SELECT FROM registration WHERE tenant = $2 AND result = '' LIMIT $20::int) AS those
      ), loaded AS (
        DELETE FROM loading
         WHERE uid = $1 AND NOT abandoned AND (SELECT n FROM active) < $20::int
        RETURNING uid
      ), created AS (
        INSERT INTO registration (uid, tenant, id, id_hash, shard, title, icons, base,
                                  retry_limit, retry_statuses, retry_unsafe,
                                  connect_millis, first_byte_millis, idle_millis, total_millis,
                                  retention_seconds, upload_total, download_total, total, version)
        SELECT $1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
               $18, $19, (extract(epoch FROM now()) * 1000)::bigint
          FROM active
         WHERE active.n < $20::int AND (NOT $21::boolean OR EXISTS (SELECT FROM loaded))
        RETURNING *
      ), requested AS (
        INSERT INTO request (uid, index, url, url_key, method, headers,
                             body_size, body_inline, body_segments, redirect, integrity)
        SELECT created.uid, $22::int + r.n::int - 1, r.url, r.url_key, r.method, r.headers::jsonb,
               r.body_size, r.body_inline, r.body_segments::jsonb, r.redirect, r.integrity
          FROM created,
               unnest($23::text[], $24::bigint[], $25::text[], $26::text[], $27::bigint[],
                      $28::bytea[], $29::text[], $30::text[], $31::text[])
                 WITH ORDINALITY AS r(url, url_key, method, headers, body_size, body_inline,
                                      body_segments, redirect, integrity, n)
      )
      SELECT active.n AS active, created.* FROM active LEFT JOIN created ON true
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

  static final String FIND_LEFT_BEHIND =
      """
      SELECT uid FROM loading
       WHERE abandoned OR touched_at < now() - make_interval(secs => $1)
       ORDER BY touched_at LIMIT 100
      """;

  private RegisteringSql() {}
}
