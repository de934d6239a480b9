package io.bgfetch.gateway.registering;

/** The statements that register again what failed. */
final class RetrySql {

  static final String FIND_SOURCE =
      """
      SELECT * FROM registration WHERE tenant = $1 AND uid = $2 AND NOT deleted
      """;

  /**
   * Copies the failed ones of some requests, those without an outcome among them: they were
   * aborted. One row comes back always. Segments get names of the new registration, as {@code
   * BlobKeys} makes them; which blobs they are to be copied from is told. {@code NOT IN} reads the
   * outcomes once, whatever the planner believes of the table.
   */
  static final String COPY_FAILED =
      """
      WITH touched AS (
        UPDATE loading SET touched_at = now() WHERE uid = $1 AND NOT abandoned RETURNING uid
      ), failed AS (
        SELECT q.*, $5::int + (row_number() OVER (ORDER BY q.index))::int - 1 AS new_index
          FROM request AS q
         WHERE q.uid = $2 AND q.index >= $3 AND q.index < $4
           AND q.index NOT IN (SELECT index FROM outcome
                                WHERE uid = $2 AND index >= $3 AND index < $4
                                  AND result = 'success')
      ), copied AS (
        INSERT INTO request (uid, index, url, url_key, method, headers, body_size, body_inline,
                             body_segments, redirect, integrity, sealed_headers)
        SELECT touched.uid, f.new_index, f.url, f.url_key, f.method, f.headers, f.body_size,
               f.body_inline,
               (SELECT jsonb_agg(jsonb_build_object(
                         'key', touched.uid || '/' || f.new_index || '/request/' || (s.n - 1),
                         'size', s.segment -> 'size') ORDER BY s.n)
                  FROM jsonb_array_elements(f.body_segments) WITH ORDINALITY AS s(segment, n)),
               f.redirect, f.integrity, f.sealed_headers
          FROM failed AS f, touched
        RETURNING method, body_size
      )
      SELECT EXISTS (SELECT FROM touched) AS touched, count(*)::int AS requests,
             coalesce(sum(body_size), 0)::bigint AS upload_bytes,
             coalesce(bool_and(method = 'GET'), true) AS all_get,
             (SELECT jsonb_agg(jsonb_build_object('index', new_index, 'segments', body_segments))
                FROM failed WHERE body_segments IS NOT NULL) AS bodies
        FROM copied
      """;

  private RetrySql() {}
}
