package io.bgfetch.gateway.shard;

import io.bgfetch.message.FetchEvent.Refused;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When a host is blocked and for how long. One answer with Retry-After does it (RFC 9110 section
 * 10.2.3), and so do several refusals in a row without. A block lasts as long as the host asked
 * for, and at least as long as our own back-off, which doubles with each block that follows upon
 * another; never longer than the cap. Immutable, for the random numbers' sake used by one thread.
 */
final class BlockPolicy {

  /** Refusals without Retry-After that make a block. Fewer may be one request's bad luck. */
  static final int REFUSALS = 3;

  /**
   * A level is forgiven for each quiet spell of so many times the shortest block. That is long
   * enough for a host to see what our usual traffic does to it before a block counts as the first
   * one again, and short enough that a bad minute is not held against it for hours.
   */
  private static final int QUIET_BASES = 10;

  private final Retries lengths;
  private final long quietMillis;
  private final int highestLevel;

  BlockPolicy(Duration base, Duration cap, RandomGenerator random) {
    this.lengths = new Retries(base, cap, random);
    this.quietMillis = Math.max(1, base.toMillis() * QUIET_BASES);
    this.highestLevel = highestLevel(Math.max(1, base.toMillis()), cap.toMillis());
  }

  /** From where on doubling changes nothing: a higher level would only take longer to forgive. */
  private static int highestLevel(long base, long cap) {
    int level = 1;
    for (long most = base; most < cap && level < Long.SIZE; most *= 2) {
      level++;
    }
    return level;
  }

  /**
   * What a refusal makes of a host's block. A request that was sent before the host's last block
   * ended was sent in ignorance of it: it may make that block longer, but is no new one.
   *
   * @param before the host's last block, over or not; null where none is known
   * @param inARow refusals in a row, this one included, of requests sent after that block
   * @param now Postgres's clock, in milliseconds since the epoch
   * @return the block as it is now; the one before, or null, where the refusal changes nothing
   */
  @Nullable HostBlock after(Refused refused, @Nullable HostBlock before, int inARow, long now) {
    if (before != null && wasUnderWay(refused, before, now)) {
      return extended(before, refused, now);
    }
    if (refused.retryAfter() == null && inARow < REFUSALS) {
      return before;
    }
    int level = Math.min(highestLevel, levelAt(before, now) + 1);
    return block(now + lengths.waitMillis(level, refused.retryAfter()), level);
  }

  /** Whether the request was sent before the block ended, and so says nothing new of the host. */
  static boolean wasUnderWay(Refused refused, HostBlock block, long now) {
    return Math.min(refused.sentAt(), now) < block.until();
  }

  private HostBlock extended(HostBlock block, Refused refused, long now) {
    if (refused.retryAfter() == null) {
      return block;
    }
    long asked = Math.clamp(refused.retryAfter(), 0, lengths.cap().toMillis());
    return now + asked > block.until() ? block(now + asked, block.level()) : block;
  }

  private HostBlock block(long until, int level) {
    return new HostBlock(until, level, until + level * quietMillis);
  }

  private int levelAt(@Nullable HostBlock before, long now) {
    if (before == null) {
      return 0;
    }
    long forgiven = Math.max(0, now - before.until()) / quietMillis;
    return (int) Math.max(0, before.level() - forgiven);
  }
}
