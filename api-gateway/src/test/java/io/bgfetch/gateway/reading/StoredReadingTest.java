package io.bgfetch.gateway.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.blob.FileBlobStore;
import io.bgfetch.blob.StoredBody.Segment;
import io.bgfetch.blob.StoredBody.Segments;
import io.bgfetch.gateway.problem.ProblemException;
import io.bgfetch.gateway.reading.ReaderLeases.Lease;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A body of one segment that was deleted after it had been found. */
class StoredReadingTest {

  private static final ByteRange WHOLE = new ByteRange(0, 4);

  @TempDir Path data;

  private final Vertx vertx = Vertx.vertx();
  private BlobReads blobs;

  @BeforeEach
  void open() throws IOException {
    blobs = new BlobReads(vertx, new FileBlobStore(data));
  }

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private Throwable failure(Future<Void> check) throws Exception {
    Segments gone = new Segments(List.of(new Segment("u/0/1-t/0", 5)));
    return new StoredReading(gone, Lease.NONE, blobs, () -> check)
        .begin(WHOLE)
        .transform(begun -> Future.succeededFuture(begun.cause()))
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  @Test
  void letsGoOfWhatItOpenedWhenNothingIsSent() throws Exception {
    FileBlobStore files = new FileBlobStore(data);
    try (BlobStore.Draft draft = files.begin("u/0/1-t/0")) {
      draft.write(ByteBuffer.wrap(new byte[5]));
      draft.commit();
    }
    AtomicReference<ReadableByteChannel> opened = new AtomicReference<>();
    Segments there = new Segments(List.of(new Segment("u/0/1-t/0", 5)));
    BlobReads reads = new BlobReads(vertx, watched(files, opened));
    StoredReading reading = new StoredReading(there, Lease.NONE, reads, Future::succeededFuture);
    reading.begin(WHOLE).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertThat(opened.get().isOpen()).isTrue();

    reading.close();

    await().until(() -> !opened.get().isOpen());
  }

  private static BlobStore watched(BlobStore store, AtomicReference<ReadableByteChannel> opened) {
    return (BlobStore)
        Proxy.newProxyInstance(
            BlobStore.class.getClassLoader(),
            new Class<?>[] {BlobStore.class},
            (proxy, method, arguments) -> {
              Object result = method.invoke(store, arguments);
              if (result instanceof ReadableByteChannel channel) {
                opened.set(channel);
              }
              return result;
            });
  }

  @Test
  void saysThatItIsNotAvailableAnyMore() throws Exception {
    Throwable failure = failure(Future.failedFuture(Records.NOT_AVAILABLE.toException()));

    assertThat(((ProblemException) failure).problem().name()).isEqualTo("InvalidStateError");
  }

  @Test
  void isMissingWhereItShouldBeAvailable() throws Exception {
    assertThat(failure(Future.succeededFuture())).hasCauseInstanceOf(NoSuchFileException.class);
  }
}
