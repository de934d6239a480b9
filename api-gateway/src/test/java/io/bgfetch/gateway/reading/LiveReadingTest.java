package io.bgfetch.gateway.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.blob.FileBlobStore;
import io.bgfetch.blob.StoredBody.Segment;
import io.bgfetch.blob.StoredBody.Segments;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.gateway.reading.BodyState.Arriving;
import io.bgfetch.gateway.reading.BodyState.Complete;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A live reader that takes what it is given piece by piece, when it likes. */
class LiveReadingTest {

  private static final int SEGMENT = 300_000;
  private static final RecordResponse HEAD =
      new RecordResponse("http://a/", false, 200, "OK", Map.of());

  @TempDir Path data;

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final SlowReader reader = new SlowReader();
  private final List<Segment> segments = new ArrayList<>();
  private BlobReads blobs;

  @BeforeEach
  void store() throws IOException {
    FileBlobStore store = new FileBlobStore(data);
    for (int n = 0; n < 3; n++) {
      String key = "u/0/1-t/" + n;
      try (BlobStore.Draft draft = store.begin(key)) {
        draft.write(ByteBuffer.allocate(SEGMENT));
        draft.commit();
      }
      segments.add(new Segment(key, SEGMENT));
    }
    blobs = new BlobReads(vertx, store);
  }

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void readsNoFasterThanItsReaderTakes() {
    LiveReading reading = new LiveReading(HEAD, () -> {}, blobs);
    Future<Void> sent = onContext(() -> reading.sendTo(reader));
    see(reading, new Arriving(HEAD, segments.subList(0, 1)));
    await().until(() -> reader.waiting() == 1);
    int piece = reader.taken();

    see(reading, new Arriving(HEAD, segments.subList(0, 2)));
    see(reading, new Complete(new CompleteBody(new Segments(segments), HEAD, "d")));
    assertThat(reader.taken()).isEqualTo(piece).isLessThan(SEGMENT);
    assertThat(reader.waiting()).isEqualTo(1);

    await()
        .until(
            () -> {
              reader.take();
              return sent.isComplete();
            });
    assertThat(sent.succeeded()).isTrue();
    assertThat(reader.taken()).isEqualTo(3 * SEGMENT);
  }

  @Test
  void failsAtOnceAlthoughItsReaderTakesNothing() {
    LiveReading reading = new LiveReading(HEAD, () -> {}, blobs);
    Future<Void> sent = onContext(() -> reading.sendTo(reader));
    see(reading, new Arriving(HEAD, segments));
    await().until(() -> reader.waiting() == 1);

    see(reading, new BodyState.Awaited());

    assertThat(sent.failed()).isTrue();
  }

  @Test
  void endsWithItsReaderAndDropsTheLease() {
    List<String> dropped = new ArrayList<>();
    LiveReading reading = new LiveReading(HEAD, () -> dropped.add("lease"), blobs);
    Future<Void> sent = onContext(() -> reading.sendTo(reader));

    onContext(
        () -> {
          reading.close();
          return dropped;
        });

    assertThat(sent.failed()).isTrue();
    assertThat(dropped).containsExactly("lease");
  }

  private void see(LiveReading reading, BodyState state) {
    onContext(
        () -> {
          reading.see(new RecordSight(true, state));
          return reading;
        });
  }

  private <T> T onContext(Supplier<T> call) {
    CompletableFuture<T> done = new CompletableFuture<>();
    context.runOnContext(now -> done.complete(call.get()));
    return done.orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** Takes a piece when told so. */
  private static final class SlowReader implements WriteStream<Buffer> {

    private final List<Promise<Void>> waiting = new ArrayList<>();
    private int taken;

    @Override
    public synchronized Future<Void> write(Buffer piece) {
      Promise<Void> promise = Promise.promise();
      waiting.add(promise);
      taken += piece.length();
      return promise.future();
    }

    synchronized int waiting() {
      return waiting.size();
    }

    synchronized int taken() {
      return taken;
    }

    void take() {
      List<Promise<Void>> now;
      synchronized (this) {
        now = List.copyOf(waiting);
        waiting.clear();
      }
      now.forEach(Promise::complete);
    }

    @Override
    public WriteStream<Buffer> exceptionHandler(Handler<Throwable> handler) {
      return this;
    }

    @Override
    public Future<Void> end() {
      return Future.succeededFuture();
    }

    @Override
    public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
      return this;
    }

    @Override
    public boolean writeQueueFull() {
      return false;
    }

    @Override
    public WriteStream<Buffer> drainHandler(Handler<Void> handler) {
      return this;
    }
  }
}
