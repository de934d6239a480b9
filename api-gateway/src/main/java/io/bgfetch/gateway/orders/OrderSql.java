package io.bgfetch.gateway.orders;

/**
 * The statements by which clients change registrations that are there: each one update, which
 * decides by its conditions and raises the version, so that two orders, or an order and the shard,
 * never overwrite each other.
 */
final class OrderSql {

  static final String FIND =
      """
      SELECT * FROM registration WHERE tenant = $1 AND uid = $2 AND NOT deleted
      """;

  /** 0 rows: it had ended before. */
  static final String ABORT =
      """
      WITH moment AS (SELECT (extract(epoch FROM now()) * 1000)::bigint AS millis)
      UPDATE registration
         SET result = 'failure', failure_reason = 'aborted',
             failed = total - succeeded, settled = total,
             version = greatest(version + 1, moment.millis),
             end_version = greatest(version + 1, moment.millis),
             ended_at = now(), expires_at = now() + make_interval(secs => retention_seconds)
        FROM moment
       WHERE tenant = $1 AND uid = $2 AND NOT deleted AND result = ''
      RETURNING registration.*
      """;

  /**
   * Whether all requests of a registration are GETs, where its row does not say so: it is of a
   * version that did not know. Ends at the first that is another.
   */
  static final String LEARN_ALL_GET =
      """
      UPDATE registration AS r
         SET all_get = NOT EXISTS
               (SELECT FROM request WHERE request.uid = r.uid AND request.method <> 'GET')
       WHERE tenant = $1 AND uid = $2 AND NOT deleted AND result = '' AND all_get IS NULL
      """;

  /** 0 rows: it was so before, or has ended, or not all of its requests are GET. */
  static final String SET_PAUSED =
      """
      WITH moment AS (SELECT (extract(epoch FROM now()) * 1000)::bigint AS millis)
      UPDATE registration
         SET paused = $3, version = greatest(version + 1, moment.millis)
        FROM moment
       WHERE tenant = $1 AND uid = $2 AND NOT deleted AND result = '' AND all_get AND paused <> $3
      RETURNING registration.*
      """;

  /** What is null stays as it is. */
  static final String UPDATE_APPEARANCE =
      """
      WITH moment AS (SELECT (extract(epoch FROM now()) * 1000)::bigint AS millis)
      UPDATE registration
         SET title = coalesce($3::text, title), icons = coalesce($4::jsonb, icons),
             version = greatest(version + 1, moment.millis)
        FROM moment
       WHERE tenant = $1 AND uid = $2 AND NOT deleted
      RETURNING registration.*
      """;

  /** The click waits in its table until its shard has published it. */
  static final String CLICK =
      """
      WITH moment AS (SELECT (extract(epoch FROM now()) * 1000)::bigint AS millis),
      clicked AS (
        UPDATE registration SET version = greatest(version + 1, moment.millis)
          FROM moment
         WHERE tenant = $1 AND uid = $2 AND NOT deleted
        RETURNING registration.*
      ), kept AS (
        INSERT INTO click (shard, uid, version) SELECT shard, uid, version FROM clicked
      )
      SELECT * FROM clicked
      """;

  /** One that was active ends by it, as aborted: then its end has the version that it got now. */
  static final String DELETE =
      """
      WITH moment AS (SELECT (extract(epoch FROM now()) * 1000)::bigint AS millis)
      UPDATE registration
         SET deleted = true,
             result = CASE result WHEN '' THEN 'failure' ELSE result END,
             failure_reason = CASE result WHEN '' THEN 'aborted' ELSE failure_reason END,
             failed = CASE result WHEN '' THEN total - succeeded ELSE failed END,
             settled = total,
             version = greatest(version + 1, moment.millis),
             end_version = coalesce(end_version, greatest(version + 1, moment.millis)),
             ended_at = coalesce(ended_at, now()),
             expires_at = coalesce(expires_at, now() + make_interval(secs => retention_seconds))
        FROM moment
       WHERE tenant = $1 AND uid = $2 AND NOT deleted
      RETURNING registration.*
      """;

  private OrderSql() {}
}
