package io.bgfetch.gateway.shard;

import io.bgfetch.message.ControlMessage;
import io.bgfetch.message.ControlMessage.Block;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.List;

/**
 * What a shard does about blocked hosts each second: it reads what all shards decided. The first
 * shard of the cluster also tells it to the workers again, so that one that starts, or that missed
 * a message, knows every blocked host before its first request.
 */
final class BlockRounds {

  /** The shard that tells the workers; there is always one of this number. */
  private static final int TELLING = 0;

  /** Hosts in one message, so that none becomes too large. */
  private static final int CHUNK = 500;

  private final Pool pool;
  private final boolean telling;
  private final ShardKafka kafka;
  private final Shard core;
  private Future<?> told = Future.succeededFuture();
  private boolean due = true;

  BlockRounds(Pool pool, int shard, ShardKafka kafka, Shard core) {
    this.pool = pool;
    this.telling = shard == TELLING;
    this.kafka = kafka;
    this.core = core;
  }

  /** A second has passed, or there is a registration to release: what is known may be old. */
  void due() {
    due = true;
  }

  /** Does a round where one is due and somebody needs it. */
  Future<Void> run() {
    if (!due || (!telling && core.known().isEmpty())) {
      return Future.succeededFuture();
    }
    due = false;
    return PgBlocks.read(pool, Blocks.MOST)
        .onSuccess(
            found -> {
              core.hearOfBlocks(found.hosts(), found.now());
              if (telling) {
                tell(core.blockedHosts());
              }
            })
        .mapEmpty();
  }

  /** What gets lost is told again in a second, but never behind what is still on its way. */
  private void tell(List<Block> blocks) {
    if (!told.isComplete()) {
      return;
    }
    List<Future<Void>> all = new ArrayList<>();
    for (int from = 0; from < blocks.size(); from += CHUNK) {
      int to = Math.min(blocks.size(), from + CHUNK);
      all.add(kafka.say(new ControlMessage.Blocked(blocks.subList(from, to))));
    }
    told = Future.join(all).otherwiseEmpty();
  }
}
