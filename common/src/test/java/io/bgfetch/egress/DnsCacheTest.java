package io.bgfetch.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DnsCacheTest {

  private final List<String> lookups = new ArrayList<>();
  private final DnsCache cache = new DnsCache(2, () -> Instant.EPOCH);

  private void get(String name) {
    DnsAnswer answer = new DnsAnswer.Found(List.of(), Duration.ofSeconds(10));
    Future<DnsAnswer> got =
        cache.get(
            name,
            () -> {
              lookups.add(name);
              return Future.succeededFuture(answer);
            });
    assertThat(got.result()).isEqualTo(answer);
  }

  @Test
  void dropsTheNameThatWasLongestUnused() {
    List.of("a", "b", "a", "c").forEach(this::get);
    assertThat(lookups).containsExactly("a", "b", "c");

    List.of("a", "c", "b").forEach(this::get);
    assertThat(lookups).containsExactly("a", "b", "c", "b");
  }
}
