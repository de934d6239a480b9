package io.bgfetch.gateway.registering;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.uuid.Generators;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardOfTest {

  @Test
  void spreadsRegistrationsEvenly() {
    ShardOf shardOf = new ShardOf(() -> 16);
    var uids = Generators.timeBasedEpochGenerator();
    int[] counts = new int[16];

    IntStream.range(0, 16_000).forEach(i -> counts[shardOf.of(uids.generate())]++);

    assertThat(java.util.Arrays.stream(counts).boxed())
        .allSatisfy(count -> assertThat(count).isBetween(700, 1_300));
  }
}
