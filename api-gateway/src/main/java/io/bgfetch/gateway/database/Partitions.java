package io.bgfetch.gateway.database;

import io.bgfetch.lifecycle.Part;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The partitions of yesterday, today and the next days: there before anybody needs them. */
final class Partitions implements Part {

  /** Yesterday's too: clocks of gateways and of Postgres agree, but not on the millisecond. */
  static final String CREATE_COMING =
      """
      SELECT create_partitions((now() AT TIME ZONE 'UTC')::date - 1, 5)
      """;

  private static final Logger LOG = LoggerFactory.getLogger(Partitions.class);
  private static final Duration EVERY = Duration.ofHours(1);

  private final Vertx vertx;
  private final Pool pool;
  private long timer = -1;
  private boolean stopped;

  Partitions(Vertx vertx, Pool pool) {
    this.vertx = vertx;
    this.pool = pool;
  }

  @Override
  public Future<Void> start() {
    return create().onSuccess(done -> arm());
  }

  @Override
  public Future<Void> stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    return Future.succeededFuture();
  }

  private void arm() {
    if (!stopped) {
      timer = vertx.setTimer(EVERY.toMillis(), fired -> create().onComplete(done -> arm()));
    }
  }

  private Future<Void> create() {
    return pool.query(CREATE_COMING)
        .execute()
        .<Void>mapEmpty()
        .onFailure(
            cause -> LOG.atWarn().setCause(cause).log("the coming partitions were not created"));
  }
}
