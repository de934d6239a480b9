package io.bgfetch.worker.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.blob.FileBlobStore;
import io.bgfetch.blob.StoredBody;
import io.bgfetch.blob.StoredBody.Segment;
import io.bgfetch.blob.StoredBody.Segments;
import io.vertx.core.Vertx;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehashTest {

  /** Longer than one piece of work. */
  private static final byte[] BODY = random(17 << 20);

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final BlobThreads threads = new BlobThreads(vertx, "blobs", 1);
  private final BodyDigest digest = new BodyDigest(null);
  private BlobStore store;

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  @BeforeEach
  void open() throws Exception {
    threads.start();
    store = new FileBlobStore(directory);
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private Segment stored(String key, int from, int to) throws IOException {
    try (BlobStore.Draft draft = store.begin(key)) {
      draft.write(ByteBuffer.wrap(BODY, from, to - from));
      draft.commit();
    }
    return new Segment(key, to - from);
  }

  private void rehash(Segment... segments) throws Exception {
    new Rehash(threads, store, new Segments(List.of(segments)), digest)
        .run()
        .toCompletionStage()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  private static String digestOf(byte[] bytes) {
    BodyDigest whole = new BodyDigest(null);
    whole.update(bytes);
    return whole.finish(StoredBody.EMPTY).digest();
  }

  @Test
  void hashesAllThatIsStored() throws Exception {
    rehash(stored("a/0", 0, 10), stored("a/1", 10, BODY.length));

    assertThat(digest.finish(StoredBody.EMPTY).digest()).isEqualTo(digestOf(BODY));
  }

  @Test
  void failsWhereASegmentIsGone() throws Exception {
    Segment first = stored("a/0", 0, 10);

    assertThatThrownBy(() -> rehash(first, new Segment("a/1", 5)))
        .hasCauseInstanceOf(NoSuchFileException.class);
  }

  @Test
  void failsWhereASegmentIsShorterThanTheManifestSays() throws Exception {
    Segment first = stored("a/0", 0, 10);

    assertThatThrownBy(() -> rehash(new Segment(first.key(), 11)))
        .hasCauseInstanceOf(EOFException.class);
  }
}
