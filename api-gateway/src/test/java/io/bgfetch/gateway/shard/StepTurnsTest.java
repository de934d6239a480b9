package io.bgfetch.gateway.shard;

import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
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
          begin(turns, "first");
          begin(turns, "second");
          begin(turns, "third");
          begun.add("between");
          turns.end();
          begun.add("later");
          turns.end();
          turns.end();
        });

    await()
        .atMost(PATIENCE)
        .until(() -> begun.equals(List.of("first", "between", "second", "later", "third")));
  }

  @Test
  void isThereAtOnceWhenAllHaveEnded() {
    onContext(
        turns -> {
          begin(turns, "first");
          begin(turns, "second");
          turns.end();
          turns.end();
          begun.add("quiet");
          begin(turns, "third");
        });

    await()
        .atMost(PATIENCE)
        .until(() -> begun.equals(List.of("first", "second", "quiet", "third")));
  }

  @Test
  void isNotWaitedForForeverWhereOneNeverEnds() {
    onContext(
        turns -> {
          begin(turns, "hangs");
          begin(turns, "goes on");
        });

    await().atMost(PATIENCE).until(() -> begun.equals(List.of("hangs", "goes on")));
  }

  @Test
  void isCountedWhenItWasTakenWithoutWaiting() {
    onContext(
        turns -> {
          begin(turns, "hangs");
          begin(turns, "goes on")
              .onSuccess(
                  now -> {
                    begin(turns, "third");
                    turns.end();
                    begun.add("one is still at it");
                    turns.end();
                  });
        });

    await()
        .atMost(PATIENCE)
        .until(() -> begun.equals(List.of("hangs", "goes on", "one is still at it", "third")));
  }

  private void onContext(Consumer<StepTurns> test) {
    vertx.runOnContext(now -> test.accept(new StepTurns(vertx)));
  }

  private Future<Void> begin(StepTurns turns, String name) {
    return turns.begin().onSuccess(turn -> begun.add(name));
  }
}
