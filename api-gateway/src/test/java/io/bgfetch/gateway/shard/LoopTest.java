package io.bgfetch.gateway.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopTest {

  private static final int MANY = 200_000;

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void run(java.util.function.Supplier<Future<Boolean>> step) throws Exception {
    CompletableFuture<Void> over = new CompletableFuture<>();
    vertx.runOnContext(
        now ->
            Loop.run(vertx, step).onSuccess(over::complete).onFailure(over::completeExceptionally));
    over.get(60, TimeUnit.SECONDS);
  }

  @Test
  void endsAfterTheStepThatSaysNo() throws Exception {
    AtomicInteger steps = new AtomicInteger();

    run(() -> Future.succeededFuture(steps.incrementAndGet() < MANY));

    assertThat(steps).hasValue(MANY);
  }

  @Test
  void failsWithTheFirstStepThatFailsHoweverManyWentBefore() {
    AtomicInteger steps = new AtomicInteger();

    assertThatThrownBy(
            () ->
                run(
                    () ->
                        steps.incrementAndGet() < MANY
                            ? Future.succeededFuture(true)
                            : Future.failedFuture("enough")))
        .hasRootCauseMessage("enough");
  }
}
