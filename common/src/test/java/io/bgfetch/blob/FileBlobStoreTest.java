package io.bgfetch.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileBlobStoreTest {

  @TempDir Path root;

  private void store(BlobStore store, String key, String text) throws IOException {
    try (BlobStore.Draft draft = store.begin(key)) {
      draft.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      draft.commit();
    }
  }

  private String read(BlobStore store, String key, long offset) throws IOException {
    try (var in = Channels.newInputStream(store.open(key, offset))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void givesBackWhatWasCommitted() throws IOException {
    BlobStore store = new FileBlobStore(root);

    store(store, "a/0/1-t/0", "hello");

    assertThat(read(store, "a/0/1-t/0", 0)).isEqualTo("hello");
    assertThat(read(store, "a/0/1-t/0", 3)).isEqualTo("lo");
  }

  @Test
  void showsNothingOfADraftThatWasNotCommitted() throws IOException {
    BlobStore store = new FileBlobStore(root);
    try (BlobStore.Draft draft = store.begin("a/0")) {
      draft.write(ByteBuffer.wrap(new byte[10]));
      assertThatThrownBy(() -> store.open("a/0", 0)).isInstanceOf(NoSuchFileException.class);
    }

    assertThatThrownBy(() -> store.open("a/0", 0)).isInstanceOf(NoSuchFileException.class);
    try (var files = Files.walk(root)) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void copiesABlobThatStaysWhenTheFirstIsDeleted() throws IOException {
    BlobStore store = new FileBlobStore(root);
    store(store, "a/0", "hello");

    store.copy("a/0", "b/7/0");
    store.copy("a/0", "b/7/0");
    store.deleteAll("a");

    assertThat(read(store, "b/7/0", 0)).isEqualTo("hello");
  }

  @Test
  void hasNothingToCopyOfABlobThatIsNotThere() throws IOException {
    BlobStore store = new FileBlobStore(root);

    assertThatThrownBy(() -> store.copy("a/0", "b/0")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> store.open("b/0", 0)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void deletesAllThatBeginsWithAPrefixAndNothingElse() throws IOException {
    BlobStore store = new FileBlobStore(root);
    store(store, "a/0/x", "1");
    store(store, "a/1/y", "2");
    store(store, "ab/0", "3");

    store.deleteAll("a");
    store.deleteAll("never");

    assertThatThrownBy(() -> store.open("a/0/x", 0)).isInstanceOf(NoSuchFileException.class);
    assertThat(read(store, "ab/0", 0)).isEqualTo("3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../out", "a/../../out", "/etc/passwd", "", "a/.."})
  void refusesNamesThatLeadOutOfItsDirectory(String key) throws IOException {
    BlobStore store = new FileBlobStore(root.resolve("store"));

    assertThatThrownBy(() -> store.begin(key)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void segmentsDoubleEverySixtyFour() {
    assertThat(SegmentSizes.limitOf(0)).isEqualTo(8 << 20);
    assertThat(SegmentSizes.limitOf(63)).isEqualTo(8 << 20);
    assertThat(SegmentSizes.limitOf(64)).isEqualTo(16 << 20);
    assertThat(SegmentSizes.limitOf(1_000_000)).isPositive();
  }
}
