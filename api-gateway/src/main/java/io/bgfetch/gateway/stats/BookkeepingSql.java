package io.bgfetch.gateway.stats;

/** The statements by which gateways write what they counted, for all tenants. */
final class BookkeepingSql {

  private BookkeepingSql() {}

  /**
   * Adds to the present interval by Postgres's clock, and tells that clock. In the order of the
   * tenants, so that two gateways never wait for each other.
   */
  static final String ADD_TRAFFIC =
      """
      INSERT INTO traffic AS known (tenant, at, fetches, bytes)
      SELECT tenant, date_bin('2 seconds', now(), 'epoch'), fetches, bytes
        FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS t (tenant, fetches, bytes)
       ORDER BY tenant
      ON CONFLICT (tenant, at) DO UPDATE
        SET fetches = known.fetches + EXCLUDED.fetches, bytes = known.bytes + EXCLUDED.bytes
      RETURNING (extract(epoch FROM now()) * 1000)::bigint AS now
      """;

  /** What runs in these shards now, and nothing else does. */
  static final String WRITE_LOADS =
      """
      WITH ended AS (
        DELETE FROM shard_load
         WHERE shard = ANY($1)
           AND (shard, tenant) NOT IN (SELECT * FROM unnest($2::int[], $3::text[]))
      )
      INSERT INTO shard_load (tenant, shard, running, at)
      SELECT tenant, shard, running, now()
        FROM unnest($2::int[], $3::text[], $4::int[]) AS l (shard, tenant, running)
       ORDER BY tenant, shard
      ON CONFLICT (tenant, shard) DO UPDATE SET running = EXCLUDED.running, at = EXCLUDED.at
      """;
}
