package io.bgfetch.egress;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The answers of DNS for as long as they hold, but never longer than half a minute, for a bounded
 * number of names (the longest unused goes). Who asks for a name that is being looked up gets that
 * look-up's answer. Failures are not kept. Safe for use by many threads.
 */
final class DnsCache {

  static final Duration LONGEST = Duration.ofSeconds(30);
  static final Duration NO_ADDRESS = Duration.ofSeconds(5);

  private final int capacity;
  private final InstantSource clock;
  private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  private record Entry(Future<DnsAnswer> answer, Instant expires) {}

  DnsCache(int capacity, InstantSource clock) {
    this.capacity = capacity;
    this.clock = clock;
  }

  /** The kept answer, or that of {@code lookup}, which never fails. */
  Future<DnsAnswer> get(String name, Supplier<Future<DnsAnswer>> lookup) {
    Future<DnsAnswer> answer;
    synchronized (entries) {
      Entry entry = entries.get(name);
      if (entry != null && clock.instant().isBefore(entry.expires)) {
        return entry.answer;
      }
      answer = lookup.get();
      entries.put(name, new Entry(answer, Instant.MAX));
      dropTheLongestUnused();
    }
    return answer.onSuccess(known -> keep(name, answer, lifetime(known)));
  }

  private void keep(String name, Future<DnsAnswer> answer, Duration lifetime) {
    synchronized (entries) {
      Instant expires = clock.instant().plus(lifetime);
      entries.computeIfPresent(
          name, (n, entry) -> entry.answer == answer ? new Entry(answer, expires) : entry);
    }
  }

  private void dropTheLongestUnused() {
    if (entries.size() > capacity) {
      entries.remove(entries.keySet().iterator().next());
    }
  }

  private static Duration lifetime(DnsAnswer answer) {
    return switch (answer) {
      case DnsAnswer.Found found -> found.ttl().compareTo(LONGEST) < 0 ? found.ttl() : LONGEST;
      case DnsAnswer.NoAddress none -> NO_ADDRESS;
      case DnsAnswer.Failed failed -> Duration.ZERO;
    };
  }
}
