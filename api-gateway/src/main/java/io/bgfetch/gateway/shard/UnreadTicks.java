package io.bgfetch.gateway.shard;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Where ticks of an owner stand in its log that it has not read yet. There are as many as seconds
 * that it is behind.
 */
final class UnreadTicks {

  private final Deque<Long> offsets = new ArrayDeque<>();

  /** A tick came to stand at this offset; ticks are sent one after the other. */
  void written(long offset) {
    offsets.add(offset);
  }

  /** How many stand at this offset or behind it; what is before it is read for good. */
  int from(long offset) {
    while (!offsets.isEmpty() && offsets.getFirst() < offset) {
      offsets.removeFirst();
    }
    return offsets.size();
  }
}
