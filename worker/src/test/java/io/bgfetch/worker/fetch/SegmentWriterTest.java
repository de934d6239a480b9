package io.bgfetch.worker.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.blob.FileBlobStore;
import io.bgfetch.blob.StoredBody.Segment;
import io.bgfetch.blob.StoredBody.Segments;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentWriterTest {

  private static final int MIB = 1 << 20;

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final io.vertx.core.Context context = vertx.getOrCreateContext();
  private final BlobThreads threads = new BlobThreads(vertx, "blobs", 4);
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
    boolean fullUnlessWrittenAtOnce =
        on(
            () -> {
              writer.add(Buffer.buffer(random(MIB)));
              return writer.full() || heard.drained;
            });

    assertThat(fullUnlessWrittenAtOnce).isTrue();
    await().until(() -> heard.drained);
    assertThat(on(() -> writer.full())).isFalse();
  }

  @Test
  void leavesNothingUnfinishedBehindWhenItIsAbandoned() throws Exception {
    add(random(MIB));
    await().until(() -> filesBelow(directory) == 1);
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
    add(random(MIB));

    await().until(() -> heard.failure != null);
    assertThatThrownBy(this::finish)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(StoreFailure.class);
  }

  @Test
  void storesASmallBodyInOnePieceOfWork() throws Exception {
    SlowStore slow = new SlowStore(store);
    writer = on(() -> writer(slow));
    for (int n = 0; n < 6; n++) {
      add(random(4 << 10));
    }

    assertThat(finish().size()).isEqualTo(24 << 10);
    assertThat(slow.writes).hasValue(1);
  }

  @Nested
  class WhileFullSegmentsAreForcedToTheDisk {

    private SlowStore slow;

    @BeforeEach
    void begin() throws Exception {
      slow = new SlowStore(store);
      writer = on(() -> writer(slow));
    }

    private void addSegment() throws Exception {
      for (int n = 0; n < 8; n++) {
        add(random(MIB));
      }
    }

    @Test
    void writesTheNextOne() throws Exception {
      CountDownLatch first = slow.hold("body/0");
      addSegment();
      add(random(MIB));

      await().until(() -> slow.begun.contains("body/1"));
      assertThat(heard.stored).isEmpty();
      first.countDown();
      await().until(() -> !heard.stored.isEmpty());
    }

    @Test
    void tellsThemInTheirOrder() throws Exception {
      CountDownLatch first = slow.hold("body/0");
      addSegment();
      addSegment();
      await().until(() -> slow.durable.contains("body/1"));

      assertThat(heard.stored).isEmpty();
      first.countDown();
      assertThat(finish().segments()).extracting(Segment::key).containsExactly("body/0", "body/1");
    }

    @Test
    void takesNoMoreThanTwoOfThemAndTheBudget() throws Exception {
      CountDownLatch first = slow.hold("body/0");
      CountDownLatch second = slow.hold("body/1");
      addSegment();
      addSegment();
      await().until(() -> slow.committing.size() == 2);
      add(random(MIB));

      assertThat(on(() -> writer.full())).isTrue();
      assertThat(slow.begun).doesNotContain("body/2");
      first.countDown();
      second.countDown();
      assertThat(finish().size()).isEqualTo(17L * MIB);
    }

    @Test
    void saysThatOneOfThemFailed() throws Exception {
      slow.broken = "body/0";
      addSegment();

      await().until(() -> heard.failure != null);
      assertThat(heard.stored).isEmpty();
    }

    @Test
    void isNotWholeBeforeTheyAreDurable() throws Exception {
      CountDownLatch first = slow.hold("body/0");
      addSegment();
      add(random(100));
      Future<Segments> whole = on(() -> writer.finish());
      await().until(() -> slow.durable.contains("body/1"));

      assertThat(whole.isComplete()).isFalse();
      first.countDown();
      await().until(whole::succeeded);
    }
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

  /** A store whose commits wait for the test. */
  private static final class SlowStore extends FullStore {
    private final BlobStore store;
    private final AtomicInteger writes = new AtomicInteger();
    private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
    private final Set<String> begun = ConcurrentHashMap.newKeySet();
    private final Set<String> committing = ConcurrentHashMap.newKeySet();
    private final Set<String> durable = ConcurrentHashMap.newKeySet();
    private volatile String broken = "";

    SlowStore(BlobStore store) {
      this.store = store;
    }

    CountDownLatch hold(String key) {
      return held.computeIfAbsent(key, name -> new CountDownLatch(1));
    }

    @Override
    public Draft begin(String key) throws IOException {
      begun.add(key);
      Draft draft = store.begin(key);
      return new Draft() {
        @Override
        public void write(ByteBuffer bytes) throws IOException {
          writes.incrementAndGet();
          draft.write(bytes);
        }

        @Override
        public void commit() throws IOException {
          committing.add(key);
          if (key.equals(broken)) {
            throw new IOException("Input/output error");
          }
          awaitRelease(key);
          draft.commit();
          durable.add(key);
        }

        @Override
        public void close() throws IOException {
          draft.close();
        }
      };
    }

    private void awaitRelease(String key) throws IOException {
      CountDownLatch release = held.get(key);
      try {
        if (release != null && !release.await(10, TimeUnit.SECONDS)) {
          throw new IOException("never released");
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  private static class FullStore implements BlobStore {
    @Override
    public Draft begin(String key) throws IOException {
      throw new IOException("No space left on device");
    }

    @Override
    public ReadableByteChannel open(String key, long offset) throws IOException {
      throw new IOException("empty");
    }

    @Override
    public void copy(String from, String to) throws IOException {
      throw new IOException("No space left on device");
    }

    @Override
    public void deleteAll(String prefix) {}

    @Override
    public void delete(String key) {}

    @Override
    public void deleteDrafts(String prefix) {}

    @Override
    public Listing list(String prefix) throws IOException {
      throw new IOException("empty");
    }

    @Override
    public Listing prefixes() throws IOException {
      throw new IOException("empty");
    }

    @Override
    public void close() {}
  }
}
