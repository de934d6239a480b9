package io.bgfetch.gateway.stats;

/** The statements about workers that live. */
final class WorkerSql {

  private WorkerSql() {}

  /** When they were heard of is told by Postgres's clock. */
  static final String SEE =
      """
      INSERT INTO worker (id, started_at, last_report_at, running, bytes_per_second)
      SELECT id, to_timestamp(started_at / 1000.0), now(), running, bytes_per_second
        FROM unnest($1::text[], $2::bigint[], $3::int[], $4::bigint[])
          AS w (id, started_at, running, bytes_per_second)
       ORDER BY id
      ON CONFLICT (id) DO UPDATE
        SET last_report_at = EXCLUDED.last_report_at, running = EXCLUDED.running,
            bytes_per_second = EXCLUDED.bytes_per_second
      """;

  static final String LIVING =
      """
      SELECT * FROM worker
       WHERE last_report_at > now() - interval '10 seconds'
       ORDER BY started_at, id
      """;
}
