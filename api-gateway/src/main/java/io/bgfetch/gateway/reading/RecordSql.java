package io.bgfetch.gateway.reading;

/**
 * The statements that read records: a request with its outcome and with what is under way of it.
 * Each walks the key of the requests first and probes the other tables per row, whatever the
 * planner believes of their size; none reads more rows than its limit or its window says. $1 is the
 * tenant. Records have none of their own: that of their registration is looked up once, before the
 * first row.
 */
final class RecordSql {

  static final String PAGE =
      """
      SELECT q.index, q.url, q.method, q.headers, q.sealed_headers,
             q.body_size AS request_body_size,
             o.result, o.error, o.attempts, o.downloaded, o.response, o.body_size, o.digest,
             w.attempt AS latest_attempt, w.downloaded AS downloading, w.response AS arriving
        FROM (SELECT * FROM request
               WHERE uid = $2 AND index > $3
                 AND EXISTS (SELECT FROM registration WHERE tenant = $1 AND uid = $2 AND NOT deleted)
               ORDER BY index LIMIT $4) AS q
        LEFT JOIN LATERAL
             (SELECT * FROM outcome WHERE uid = $2 AND index = q.index LIMIT 1) AS o ON true
        LEFT JOIN LATERAL
             (SELECT * FROM under_way WHERE uid = $2 AND index = q.index LIMIT 1) AS w ON true
       ORDER BY q.index
      """;

  /** Of the records up to index $7; those without an outcome count as ended with $5. */
  static final String PAGE_OF_RESULTS =
      """
      SELECT q.index, q.url, q.method, q.headers, q.sealed_headers,
             q.body_size AS request_body_size,
             o.result, o.error, o.attempts, o.downloaded, o.response, o.body_size, o.digest,
             w.attempt AS latest_attempt, w.downloaded AS downloading, w.response AS arriving
        FROM request AS q
        LEFT JOIN outcome AS o ON o.uid = $2 AND o.index = q.index
        LEFT JOIN under_way AS w ON w.uid = $2 AND w.index = q.index
       WHERE q.uid = $2 AND q.index > $3 AND q.index <= $7
         AND EXISTS (SELECT FROM registration WHERE tenant = $1 AND uid = $2 AND NOT deleted)
         AND coalesce(o.result, $5::text) = ANY($6::text[])
       ORDER BY q.index LIMIT $4
      """;

  static final String PAGE_OF_URL =
      """
      SELECT q.index, q.url, q.method, q.headers, q.sealed_headers,
             q.body_size AS request_body_size,
             o.result, o.error, o.attempts, o.downloaded, o.response, o.body_size, o.digest,
             w.attempt AS latest_attempt, w.downloaded AS downloading, w.response AS arriving
        FROM (SELECT * FROM request
               WHERE uid = $2 AND url_key = $5 AND index > $3
                 AND EXISTS (SELECT FROM registration WHERE tenant = $1 AND uid = $2 AND NOT deleted)
               ORDER BY index LIMIT $4) AS q
        LEFT JOIN LATERAL
             (SELECT * FROM outcome WHERE uid = $2 AND index = q.index LIMIT 1) AS o ON true
        LEFT JOIN LATERAL
             (SELECT * FROM under_way WHERE uid = $2 AND index = q.index LIMIT 1) AS w ON true
       ORDER BY q.index
      """;

  /**
   * How far some records are: uids, indexes, and of each the name of its first known segment and
   * how many are known. Where they are still the same they are not read again. A record that there
   * is not has no row.
   */
  static final String LOOK =
      """
      SELECT w.uid, w.index,
             r.result <> '' AS ended,
             r.records_available AND (r.expires_at IS NULL OR r.expires_at > now()) AS available,
             o.result, o.error, o.response, o.body_inline, o.body_segments, o.digest,
             u.as_before,
             CASE WHEN u.as_before IS NOT TRUE THEN u.response END AS arriving,
             CASE WHEN u.as_before IS NOT TRUE THEN u.body_segments END AS stored
        FROM unnest($2::uuid[], $3::int[], $4::text[], $5::int[])
          AS w (uid, index, first_segment, segments)
       CROSS JOIN LATERAL
             (SELECT * FROM registration
               WHERE tenant = $1 AND uid = w.uid AND NOT deleted LIMIT 1) AS r
       CROSS JOIN LATERAL
             (SELECT FROM request WHERE uid = w.uid AND index = w.index LIMIT 1) AS q
        LEFT JOIN LATERAL
             (SELECT * FROM outcome WHERE uid = w.uid AND index = w.index LIMIT 1) AS o ON true
        LEFT JOIN LATERAL
             (SELECT response, body_segments,
                     body_segments->0->>'key' = w.first_segment
                       AND jsonb_array_length(body_segments) = w.segments AS as_before
                FROM under_way WHERE uid = w.uid AND index = w.index LIMIT 1) AS u ON true
      """;

  /** 0 rows: there is no such record. */
  static final String REQUEST_BODY =
      """
      SELECT r.records_available AND (r.expires_at IS NULL OR r.expires_at > now()) AS available,
             q.headers, q.body_inline, q.body_segments
        FROM registration AS r JOIN request AS q ON q.uid = $2 AND q.index = $3
       WHERE r.tenant = $1 AND r.uid = $2 AND NOT r.deleted
      """;

  private RecordSql() {}
}
