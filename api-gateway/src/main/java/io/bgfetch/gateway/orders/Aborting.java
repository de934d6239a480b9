package io.bgfetch.gateway.orders;

import io.bgfetch.gateway.database.Registrations;
import io.bgfetch.gateway.news.ShardPokes;
import io.bgfetch.message.Permission;
import io.vertx.core.Future;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends registrations on their client's order. One conditional update decides it against a
 * completion that comes at the same time.
 */
public final class Aborting {

  private static final Logger LOG = LoggerFactory.getLogger(Aborting.class);

  private final Registrations registrations;
  private final ControlTopic control;
  private final ShardPokes pokes;

  public Aborting(Registrations registrations, ControlTopic control, ShardPokes pokes) {
    this.registrations = registrations;
    this.control = control;
    this.pokes = pokes;
  }

  /**
   * True exactly once, while the registration is active. When it answers, either every worker can
   * know of it, or no permission from before is good any more.
   */
  public Future<Boolean> abort(String tenant, UUID uid) {
    return registrations
        .abort(tenant, uid)
        .compose(
            shard ->
                shard.isPresent()
                    ? tell(uid, shard.getAsInt()).map(true)
                    : Future.succeededFuture(false));
  }

  private Future<Void> tell(UUID uid, int shard) {
    pokes.changed(uid, shard);
    return control
        .cancel(uid)
        .timeout(Permission.GOOD_FOR.toMillis(), TimeUnit.MILLISECONDS)
        .recover(
            cause -> {
              LOG.atInfo()
                  .addKeyValue("uid", uid)
                  .addKeyValue("reason", cause.getMessage())
                  .log("the order to cut an aborted registration is not acknowledged");
              return Future.succeededFuture();
            });
  }
}
