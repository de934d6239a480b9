package io.bgfetch.worker.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.blob.FileBlobStore;
import io.bgfetch.blob.StoredBody.Segment;
import io.bgfetch.blob.StoredBody.Segments;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentWriterTest {

  private static final int MIB = 1 << 20;

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final io.vertx.core.Context context = vertx.getOrCreateContext();
  private final BlobThreads threads = new BlobThreads(vertx, "blobs", 2);
  private final WriteBudget budget = new WriteBudget(MIB);
  private final Heard heard = new Heard();
  private BlobStore store;
  private SegmentWriter writer;
  private long before;

  @BeforeEach
  void open() throws Exception {
    threads.start();
    store = new FileBlobStore(directory);
    writer = on(() -> writer(store));
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private SegmentWriter writer(BlobStore into) {
    return writer(into, new Segments(List.of()));
  }

  private SegmentWriter writer(BlobStore into, Segments there) {
    AtomicInteger names = new AtomicInteger();
    SegmentFile file =
        new SegmentFile(into, () -> "body/" + names.getAndIncrement(), there, new BodyDigest(null));
    return new SegmentWriter(threads, file, budget, new BodyAge(0, before), heard);
  }

  /** Runs on the context that the writer belongs to. */
  private <T> T on(Callable<T> action) throws Exception {
    io.vertx.core.Promise<T> done = io.vertx.core.Promise.promise();
    context.runOnContext(
        now -> {
          try {
            done.complete(action.call());
          } catch (Exception e) {
            done.fail(e);
          }
        });
    return done.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private void add(byte[] bytes) throws Exception {
    on(
        () -> {
          writer.add(Buffer.buffer(bytes));
          return true;
        });
  }

  private Segments finish() throws Exception {
    return on(() -> writer.finish())
        .toCompletionStage()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private byte[] read(Segments body) throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (Segment segment : body.segments()) {
      try (InputStream in = Channels.newInputStream(store.open(segment.key(), 0))) {
        in.transferTo(whole);
      }
    }
    return whole.toByteArray();
  }

  @Test
  void keepsEveryByteInOrder() throws Exception {
    byte[] body = random(20 * MIB);
    for (int from = 0; from < body.length; from += MIB) {
      add(java.util.Arrays.copyOfRange(body, from, from + MIB));
    }

    Segments stored = finish();

    assertThat(read(stored)).isEqualTo(body);
    assertThat(stored.segments())
        .extracting(Segment::size)
        .containsExactly(8L * MIB, 8L * MIB, 4L * MIB);
  }

  @Test
  void closesASegmentThatHasBeenOpenForASecond() throws Exception {
    add(random(100));
    tick(999);
    tick(1_000);

    await().until(() -> heard.stored.size() == 1);
    assertThat(read(heard.stored.getFirst())).isEqualTo(random(100));
  }

  @Test
  void countsTheTimeInWhichTheBodyCameBefore() throws Exception {
    before = 600_000;
    writer = on(() -> writer(store));
    add(random(10));
    tick(9_999);
    tick(10_200);

    await().until(() -> heard.stored.size() == 1);
  }

  @Test
  void goesOnBehindTheSegmentsThatAreThere() throws Exception {
    List<Segment> before = new ArrayList<>();
    for (int n = 0; n < 64; n++) {
      before.add(new Segment("earlier/" + n, 1));
    }
    writer = on(() -> writer(store, new Segments(before)));

    add(random(10 * MIB));

    assertThat(finish().segments())
        .startsWith(before.toArray(Segment[]::new))
        .endsWith(new Segment("body/0", 10 * MIB));
  }

  @Test
  void closesNoneWithoutBytes() throws Exception {
    add(random(100));
    tick(1_000);
    await().until(() -> heard.stored.size() == 1);
    tick(5_000);

    assertThat(finish().segments()).hasSize(1);
  }

  @Test
  void givesAnOldBodyLongerSegments() throws Exception {
    add(random(100));
    tick(600_000);
    await().until(() -> heard.stored.size() == 1);

    add(random(10));
    tick(609_000);
    assertThat(finish().segments()).hasSize(2);
    assertThat(heard.stored).hasSize(1);
  }

  private void tick(long now) throws Exception {
    on(
        () -> {
          writer.tick(now);
          return true;
        });
  }

  @Test
  void asksItsSenderToWaitWhileMuchIsUnwritten() throws Exception {
    boolean full =
        on(
            () -> {
              writer.add(Buffer.buffer(random(MIB)));
              return writer.full();
            });

    assertThat(full).isTrue();
    await().until(() -> heard.drained);
    assertThat(on(() -> writer.full())).isFalse();
  }

  @Test
  void leavesNothingUnfinishedBehindWhenItIsAbandoned() throws Exception {
    add(random(100));
    on(
        () -> {
          writer.abandon();
          return true;
        });

    await().until(() -> filesBelow(directory) == 0);
    assertThat(heard.stored).isEmpty();
  }

  private static long filesBelow(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).count();
    }
  }

  @Test
  void saysWhenTheStoreTakesNoBytes() throws Exception {
    writer = on(() -> writer(new FullStore()));
    add(random(100));

    await().until(() -> heard.failure != null);
    assertThatThrownBy(this::finish)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(StoreFailure.class);
  }

  private static final class Heard implements SegmentWriter.Listener {
    private final List<Segments> stored = new CopyOnWriteArrayList<>();
    private volatile boolean drained;
    private volatile StoreFailure failure;

    @Override
    public void stored(Segments soFar) {
      stored.add(soFar);
    }

    @Override
    public void drained() {
      drained = true;
    }

    @Override
    public void failed(StoreFailure cause) {
      failure = cause;
    }
  }

  private static final class FullStore implements BlobStore {
    @Override
    public Draft begin(String key) throws IOException {
      throw new IOException("No space left on device");
    }

    @Override
    public ReadableByteChannel open(String key, long offset) throws IOException {
      throw new IOException("empty");
    }

    @Override
    public void deleteAll(String prefix) {}

    @Override
    public void close() {}
  }
}
