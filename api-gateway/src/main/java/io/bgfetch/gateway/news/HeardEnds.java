package io.bgfetch.gateway.news;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Up to when followers have heard of all ends, also of those that were published long after they
 * came: asked of Postgres from time to time, and true once everything was heard that had been
 * published when it was asked. On the audience's context.
 */
final class HeardEnds {

  /** Ends of all tenants: how far the feed is, which is one for all of them. */
  private static final String OLDEST_UNPUBLISHED =
      """
      SELECT min(ended_at) AS oldest FROM registration WHERE end_version > published_version
      """;

  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

  private final Pool pool;
  private final InstantSource clock;
  private @Nullable Answer latest;
  private long until;

  /**
   * What Postgres said, in milliseconds since the epoch.
   *
   * @param at when it was known: whatever it counts as published was so before
   * @param publishedUntil all ends until then had been published
   */
  private record Answer(long at, long publishedUntil) {}

  HeardEnds(Pool pool, InstantSource clock) {
    this.pool = pool;
    this.clock = clock;
  }

  /** Asks, unless the answer before still waits for its moment. */
  Future<Void> ask() {
    if (latest != null) {
      return Future.succeededFuture();
    }
    long asked = clock.millis();
    return pool.query(OLDEST_UNPUBLISHED)
        .execute()
        .timeout(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        .map(rows -> rows.iterator().next().getOffsetDateTime("oldest"))
        .onSuccess(oldest -> latest = new Answer(clock.millis(), publishedUntil(asked, oldest)))
        .mapEmpty();
  }

  private static long publishedUntil(long asked, @Nullable OffsetDateTime oldest) {
    return oldest == null ? asked : Math.min(asked, oldest.toInstant().toEpochMilli());
  }

  /**
   * Up to when all ends were heard of; milliseconds since the epoch, 0 before anything is known.
   *
   * @param heardUntil up to when everything was heard of that had been published
   */
  long until(long heardUntil) {
    Answer answer = latest;
    if (answer != null && answer.at() <= heardUntil) {
      until = Math.max(until, answer.publishedUntil());
      latest = null;
    }
    return until;
  }
}
