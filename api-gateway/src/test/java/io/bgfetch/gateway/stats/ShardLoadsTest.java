package io.bgfetch.gateway.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.gateway.stats.ShardLoads.Load;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ShardLoadsTest {

  private final ShardLoads loads = new ShardLoads();

  @Test
  void areThoseOfAllShardsThatAreHeld() {
    loads.hold(1, () -> Map.of("shop", 2));
    loads.hold(4, () -> Map.of("shop", 3));
    loads.hold(5, Map::of);

    assertThat(loads.held()).containsExactly(1, 4, 5);
    assertThat(loads.now()).containsExactly(new Load(1, "shop", 2), new Load(4, "shop", 3));
  }

  /** The runner that lets go may be slower than the one that follows it. */
  @Test
  void areNotTakenFromTheNextOwnership() {
    Supplier<Map<String, Integer>> before = () -> Map.of("shop", 2);
    loads.hold(1, before);
    loads.hold(1, () -> Map.of("shop", 7));

    loads.leave(1, before);

    assertThat(loads.now()).containsExactly(new Load(1, "shop", 7));
  }
}
