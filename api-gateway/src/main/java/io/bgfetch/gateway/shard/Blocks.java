package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.message.ControlMessage.Block;
import io.bgfetch.message.FetchEvent.Refused;
import io.bgfetch.url.WebUrl;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that are to be left alone, as far as a shard knows: what Postgres said last, and what
 * this shard decided since. Its time is what it was last told of Postgres's clock. Bounded; plain
 * Java.
 */
final class Blocks {

  /** Hosts of which a shard knows: the blocks that end last. */
  static final int MOST = 10_000;

  private final BlockPolicy policy;
  private final Map<String, HostBlock> known = new HashMap<>();
  private final Map<String, Integer> refusals = new LeastRecentlyRefused();
  private long now;

  Blocks(BlockPolicy policy) {
    this.policy = policy;
  }

  /**
   * Until when nothing is to be sent to a host.
   *
   * @param host {@code host:port}
   * @return milliseconds since the epoch by Postgres's clock; 0 where the host is not blocked
   */
  long until(String host) {
    HostBlock block = known.get(host);
    return block == null || block.until() <= now ? 0 : block.until();
  }

  /** All hosts that are blocked now. */
  List<Block> active() {
    return known.entrySet().stream()
        .filter(entry -> entry.getValue().until() > now)
        .map(entry -> new Block(entry.getKey(), entry.getValue().until()))
        .toList();
  }

  /** It is so late by Postgres's clock, in milliseconds since the epoch. */
  void at(long clock) {
    now = Math.max(now, clock);
  }

  /** What Postgres says of all shards, this one included: it replaces what was known. */
  void read(Map<String, HostBlock> rows, long clock) {
    at(clock);
    known.clear();
    known.putAll(rows);
  }

  /** A host refused a request; it may be blocked, or for longer, which is then decided. */
  void refused(Refused refused, Decision decision) {
    String host = refused.host();
    HostBlock before = known.get(host);
    int inARow = count(refused, before);
    HostBlock block = policy.after(refused, before, inARow, now);
    if (block != null && !block.equals(before)) {
      refusals.remove(host);
      known.put(host, block);
      decision.block(host, block);
      if (known.size() > MOST) {
        known.remove(endsFirst());
      }
    }
  }

  private @Nullable String endsFirst() {
    return known.entrySet().stream()
        .min(Comparator.comparingLong(entry -> entry.getValue().until()))
        .map(Map.Entry::getKey)
        .orElse(null);
  }

  private int count(Refused refused, @Nullable HostBlock before) {
    return before != null && BlockPolicy.wasUnderWay(refused, before, now)
        ? 0
        : refusals.merge(refused.host(), 1, Integer::sum);
  }

  /** A host answered: with anything but a refusal, those before it are not in a row any more. */
  void answered(@Nullable RecordResponse response) {
    if (response != null && !refusals.isEmpty() && !Refused.isRefusal(response.status())) {
      refusals.remove(WebUrl.parse(response.url()).authority());
    }
  }

  /** How often hosts refused in a row; whoever was refused longest ago is forgotten first. */
  private static final class LeastRecentlyRefused extends LinkedHashMap<String, Integer> {

    private static final long serialVersionUID = 1;

    LeastRecentlyRefused() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
      return size() > MOST;
    }
  }
}
