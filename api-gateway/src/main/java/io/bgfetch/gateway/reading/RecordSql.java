package io.bgfetch.gateway.reading;

import java.util.List;

/**
 * The statements that read records: a request with its outcome and with what is under way of it.
 * Each walks the key of the requests first and probes the other tables per row, whatever the
 * planner believes of their size; none reads more rows than its limit or its window says.
 */
final class RecordSql {

  static final String PAGE =
      """
      SELECT q.index, q.url, q.method, q.headers, q.body_size AS request_body_size,
             o.result, o.error, o.attempts, o.downloaded, o.response, o.body_size, o.digest,
             w.attempt AS latest_attempt, w.downloaded AS downloading, w.response AS arriving
        FROM (SELECT * FROM request WHERE uid = $1 AND index > $2 ORDER BY index LIMIT $3) AS q
        LEFT JOIN LATERAL
             (SELECT * FROM outcome WHERE uid = $1 AND index = q.index LIMIT 1) AS o ON true
        LEFT JOIN LATERAL
             (SELECT * FROM under_way WHERE uid = $1 AND index = q.index LIMIT 1) AS w ON true
       ORDER BY q.index
      """;

  /** Of the records up to index $6; those without an outcome count as ended with $4. */
  static final String PAGE_OF_RESULTS =
      """
      SELECT q.index, q.url, q.method, q.headers, q.body_size AS request_body_size,
             o.result, o.error, o.attempts, o.downloaded, o.response, o.body_size, o.digest,
             w.attempt AS latest_attempt, w.downloaded AS downloading, w.response AS arriving
        FROM request AS q
        LEFT JOIN outcome AS o ON o.uid = $1 AND o.index = q.index
        LEFT JOIN under_way AS w ON w.uid = $1 AND w.index = q.index
       WHERE q.uid = $1 AND q.index > $2 AND q.index <= $6
         AND coalesce(o.result, $4::text) = ANY($5::text[])
       ORDER BY q.index LIMIT $3
      """;

  static final String PAGE_OF_URL =
      """
      SELECT q.index, q.url, q.method, q.headers, q.body_size AS request_body_size,
             o.result, o.error, o.attempts, o.downloaded, o.response, o.body_size, o.digest,
             w.attempt AS latest_attempt, w.downloaded AS downloading, w.response AS arriving
        FROM (SELECT * FROM request WHERE uid = $1 AND url_key = $4 AND index > $2
               ORDER BY index LIMIT $3) AS q
        LEFT JOIN LATERAL
             (SELECT * FROM outcome WHERE uid = $1 AND index = q.index LIMIT 1) AS o ON true
        LEFT JOIN LATERAL
             (SELECT * FROM under_way WHERE uid = $1 AND index = q.index LIMIT 1) AS w ON true
       ORDER BY q.index
      """;

  /** 0 rows: there is no such record. */
  static final String BODY =
      """
      SELECT o.result, o.error, o.response, o.body_inline, o.body_segments, o.digest
        FROM request AS q LEFT JOIN outcome AS o ON o.uid = $1 AND o.index = $2
       WHERE q.uid = $1 AND q.index = $2
      """;

  static final List<String> ALL = List.of(PAGE, PAGE_OF_RESULTS, PAGE_OF_URL, BODY);

  private RecordSql() {}
}
