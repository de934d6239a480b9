package io.bgfetch.gateway.stats;

/** The statements by which a tenant reads its statistics. */
final class StatsSql {

  private StatsSql() {}

  /** The full intervals of the last ten minutes, the oldest first; nothing is zero. */
  static final String TRAFFIC =
      """
      SELECT i.at, coalesce(t.fetches, 0) AS fetches, coalesce(t.bytes, 0) AS bytes
        FROM (SELECT date_bin('2 seconds', now(), 'epoch') AS at) AS present
       CROSS JOIN generate_series(present.at - interval '10 minutes',
                                  present.at - interval '2 seconds', interval '2 seconds') AS i (at)
        LEFT JOIN traffic AS t ON t.tenant = $1 AND t.at = i.at
       ORDER BY i.at
      """;

  /** A shard that is silent has lost its owner: what ran in it is not known. */
  static final String RECORDS =
      """
      SELECT (SELECT coalesce(sum(total::bigint - settled), 0) FROM registration
               WHERE tenant = $1 AND result = '')::bigint AS unsettled,
             (SELECT coalesce(sum(running), 0) FROM shard_load
               WHERE tenant = $1 AND at > now() - interval '10 seconds')::bigint AS running
      """;
}
