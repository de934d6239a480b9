package io.bgfetch.gateway.shard;

/** The SQL of blocked hosts. */
final class BlockStatements {

  private BlockStatements() {}

  /**
   * In the order of the hosts, so that two transactions never wait for each other. Of two shards
   * that decide at once the one that leaves the host alone for longer wins.
   */
  static final String BLOCK =
      """
      INSERT INTO host_block AS known (host, until, level, forgiven_at)
      SELECT host, to_timestamp(until / 1000.0), level, to_timestamp(forgiven_at / 1000.0)
        FROM unnest($1::text[], $2::bigint[], $3::int[], $4::bigint[])
          AS b (host, until, level, forgiven_at)
       ORDER BY host
      ON CONFLICT (host) DO UPDATE
        SET until = EXCLUDED.until, level = EXCLUDED.level, forgiven_at = EXCLUDED.forgiven_at
        WHERE known.until < EXCLUDED.until
      """;

  /** What is not forgiven yet, and how late it is: one row without a host where there is none. */
  static final String READ =
      """
      SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now, b.*
        FROM (VALUES (1)) AS always
        LEFT JOIN LATERAL (
          SELECT host, (extract(epoch FROM until) * 1000)::bigint AS until, level,
                 (extract(epoch FROM forgiven_at) * 1000)::bigint AS forgiven_at
            FROM host_block
           WHERE forgiven_at > clock_timestamp()
           ORDER BY host_block.until DESC LIMIT $1) AS b ON true
      """;
}
