package io.bgfetch.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.lane.HostLimit;
import io.bgfetch.lane.HostLimits;
import io.bgfetch.lane.LaneLayout;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DetoursTest {

  private final Limits limits =
      new Limits(new LaneLayout(2), HostLimits.same(HostLimit.ofConcurrency(6)), 100);
  private final Detours detours = new Detours(limits);

  private List<Future<Void>> enter(String host, int count) {
    return Stream.generate(() -> detours.enter(host)).limit(count).toList();
  }

  @Test
  void letTheFirstFewInAndTheOthersWait() {
    List<Future<Void>> entered = enter("a", Detours.CAP_WITHOUT_LANE + 1);

    assertThat(entered.subList(0, Detours.CAP_WITHOUT_LANE)).allMatch(Future::succeeded);
    assertThat(entered.getLast().isComplete()).isFalse();
    detours.leave("a");
    assertThat(entered.getLast().succeeded()).isTrue();
  }

  @Test
  void areCountedForEachHost() {
    enter("a", Detours.CAP_WITHOUT_LANE);

    assertThat(detours.enter("b").succeeded()).isTrue();
  }

  @Test
  void areAsManyAsTheShareOfAHostThatHasLanesHere() {
    limits.own(Set.of(0, 1), 0);

    assertThat(enter("a", 7)).filteredOn(Future::succeeded).hasSize(6);
  }
}
