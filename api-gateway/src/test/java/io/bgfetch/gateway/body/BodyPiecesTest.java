package io.bgfetch.gateway.body;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.gateway.problem.ProblemException;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BodyPiecesTest {

  private final Source source = new Source();
  private final BodyPieces pieces = new BodyPieces(source, null);

  @Test
  void asksForOnePieceHoweverOftenItIsWanted() {
    pieces.more();
    pieces.more();

    assertThat(source.demand).isEqualTo(1);
  }

  @Test
  void asksAgainWhenThePieceCame() {
    pieces.more();
    source.give("a");
    pieces.more();

    assertThat(source.demand).isEqualTo(1);
    assertThat(pieces.poll()).hasToString("a");
    assertThat(pieces.poll()).isNull();
  }

  @Test
  void keepsWhyTheRestNeverComes() {
    source.failures.handle(new IllegalStateException("gone"));

    assertThat(pieces.failure()).hasMessage("gone");
  }

  @Test
  void failsWhenItIsNotHereInTime() {
    Vertx vertx = Vertx.vertx();
    CompletableFuture<Throwable> failed = new CompletableFuture<>();

    pieces.within(vertx, Duration.ofMillis(1));
    pieces.onNew(() -> failed.complete(pieces.failure()));

    assertThat(failed.orTimeout(10, TimeUnit.SECONDS).join())
        .isInstanceOfSatisfying(
            ProblemException.class, late -> assertThat(late.problem().status()).isEqualTo(408));
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void tellsThatACodedBodyBrokeOff() {
    BodyPieces coded = new BodyPieces(source, "gzip");
    coded.more();
    source.items.handle(Buffer.buffer(new byte[] {0x1F, (byte) 0x8B}));
    assertThat(coded.poll()).isNull();

    source.end.handle(null);

    assertThat(coded.failure()).hasMessageContaining("breaks off");
  }

  /** A stream that gives what the test says. */
  private static final class Source implements ReadStream<Buffer> {

    private Handler<Buffer> items;
    private Handler<Throwable> failures;
    private Handler<Void> end;
    private long demand;

    void give(String text) {
      demand--;
      items.handle(Buffer.buffer(text));
    }

    @Override
    public ReadStream<Buffer> exceptionHandler(Handler<Throwable> handler) {
      failures = handler;
      return this;
    }

    @Override
    public ReadStream<Buffer> handler(Handler<Buffer> handler) {
      items = handler;
      return this;
    }

    @Override
    public ReadStream<Buffer> pause() {
      demand = 0;
      return this;
    }

    @Override
    public ReadStream<Buffer> resume() {
      demand = Long.MAX_VALUE;
      return this;
    }

    @Override
    public ReadStream<Buffer> fetch(long amount) {
      demand += amount;
      return this;
    }

    @Override
    public ReadStream<Buffer> endHandler(Handler<Void> handler) {
      end = handler;
      return this;
    }
  }
}
