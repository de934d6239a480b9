package io.bgfetch.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {

  private final Turns turns = new Turns(2);
  private final List<Promise<Integer>> begun = new ArrayList<>();

  private Future<Integer> take() {
    return turns.take(
        () -> {
          Promise<Integer> promise = Promise.promise();
          begun.add(promise);
          return promise.future();
        });
  }

  @Test
  void areGivenToSoManyAtOnceAndThenInOrder() {
    List<Future<Integer>> all = List.of(take(), take(), take(), take());
    assertThat(begun).hasSize(2);

    begun.get(1).complete(7);

    assertThat(all.get(1).result()).isEqualTo(7);
    assertThat(begun).hasSize(3);
  }

  @Test
  void areGivenBackByWhatFails() {
    List<Future<Integer>> all = List.of(take(), take(), take());

    begun.getFirst().fail("no");

    assertThat(all.getFirst().failed()).isTrue();
    assertThat(begun).hasSize(3);
  }
}
