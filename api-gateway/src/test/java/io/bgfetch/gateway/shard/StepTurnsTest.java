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
  private static final Duration SOON = Duration.ofMillis(100);
  private static final Duration NEVER = Duration.ofHours(1);

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

    awaitBegun("first", "between", "later", "second", "third");
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
        SOON,
        NEVER,
        turns -> {
          begin(turns, "hangs");
          begin(turns, "goes on");
        });

    awaitBegun("hangs", "goes on");
  }

  @Test
  void isOverAfterAWhileWhereItsStepNeverEnds() {
    onContext(
        NEVER,
        SOON,
        turns -> {
          begin(turns, "hangs");
          begin(turns, "next").complete();
        });

    awaitBegun("hangs", "next");
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
    onContext(NEVER, NEVER, test);
  }

  private void onContext(Duration patience, Duration longest, Consumer<StepTurns> test) {
    vertx.runOnContext(now -> test.accept(new StepTurns(vertx, patience, longest)));
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
