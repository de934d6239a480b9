package io.bgfetch.gateway.shard;

import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StepTurnsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Vertx vertx = Vertx.vertx();
  private final List<String> begun = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  @Test
  void isTheNextOnesWhenTheOneBeforeHasEnded() {
    onContext(
        turns -> {
          Promise<Void> first = begin(turns, "first");
          Promise<Void> second = begin(turns, "second");
          begun.add("between");
          first.complete();
          begun.add("later");
          Promise<Void> third = begin(turns, "third");
          second.fail("of the test");
          third.complete();
        });

    awaitBegun("first", "between", "second", "later", "third");
  }

  @Test
  void isThereAtOnceWhenAllHaveEnded() {
    onContext(
        turns -> {
          begin(turns, "first").complete();
          begun.add("quiet");
          begin(turns, "second");
        });

    awaitBegun("first", "quiet", "second");
  }

  @Test
  void isNotWaitedForForeverWhereOneNeverEnds() {
    onContext(
        turns -> {
          begin(turns, "hangs");
          begin(turns, "goes on");
        });

    awaitBegun("hangs", "goes on");
  }

  @Test
  void isOverAfterAWhileWhereItsStepNeverEnds() {
    onContext(
        turns -> {
          begin(turns, "hangs");
          begin(turns, "next").complete();
          vertx.setTimer(
              2_000,
              later -> {
                begin(turns, "later");
                begun.add("without waiting");
              });
        });

    awaitBegun("hangs", "next", "later", "without waiting");
  }

  @Test
  void isOverWhenItsStepCannotBegin() {
    onContext(
        turns -> {
          Future<Void> failed =
              turns.take(
                  () -> {
                    throw new IllegalStateException("of the test");
                  });
          failed.onFailure(cause -> begun.add(String.valueOf(cause.getMessage())));
          begin(turns, "next");
          begun.add("without waiting");
        });

    awaitBegun("of the test", "next", "without waiting");
  }

  private void awaitBegun(String... names) {
    await().atMost(PATIENCE).until(() -> begun.equals(List.of(names)));
  }

  private void onContext(Consumer<StepTurns> test) {
    vertx.runOnContext(now -> test.accept(new StepTurns(vertx)));
  }

  /** A step that lasts until the promise is completed. */
  private Promise<Void> begin(StepTurns turns, String name) {
    Promise<Void> step = Promise.promise();
    Future<Void> taken =
        turns.take(
            () -> {
              begun.add(name);
              return step.future();
            });
    taken.onFailure(expected -> {});
    return step;
  }
}
