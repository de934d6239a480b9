package io.bgfetch.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileBlobStoreTest implements BlobStoreContract {

  @TempDir Path root;
  private FileBlobStore store;

  @BeforeEach
  void open() throws IOException {
    store = new FileBlobStore(root.resolve("store"));
  }

  @Override
  public BlobStore store() {
    return store;
  }

  private List<Path> files() throws IOException {
    try (var files = Files.walk(root.resolve("store"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void leavesNoFileOfADraftThatWasClosed() throws IOException {
    try (BlobStore.Draft draft = store.begin("a/0")) {
      draft.write(ByteBuffer.wrap(new byte[10]));
    }

    assertThat(files()).isEmpty();
  }

  @Test
  void deletesTheDraftsOfADeadProcessAndNothingElse() throws IOException {
    store("a/0/x/0", "kept");
    store("b/0/x/0", "another");
    Path left = Files.write(root.resolve("store/a/0/x/1.draft"), new byte[10]);
    Path alone = Files.createDirectories(root.resolve("store/a/1/y")).resolve("0.draft");
    Files.write(alone, new byte[10]);
    Path others = Files.write(root.resolve("store/b/0/x/1.draft"), new byte[10]);

    store.deleteDrafts("a");
    store.deleteDrafts("never");

    assertThat(left).doesNotExist();
    assertThat(root.resolve("store/a/1")).doesNotExist();
    assertThat(others).exists();
    assertThat(read("a/0/x/0", 0)).isEqualTo("kept");
  }

  @Test
  void makesADirectoryAgainThatWasDeletedMeanwhile() throws IOException {
    store("a/0/x", "1");
    store.delete("a/0/x");

    store("a/0/y", "2");

    assertThat(read("a/0/y", 0)).isEqualTo("2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../out", "a/../../out", "/etc/passwd", "", "a/.."})
  void refusesNamesThatLeadOutOfItsDirectory(String key) {
    assertThatThrownBy(() -> store.begin(key)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.delete(key)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.list(key)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void segmentsDoubleEverySixtyFour() {
    assertThat(SegmentSizes.limitOf(0)).isEqualTo(8 << 20);
    assertThat(SegmentSizes.limitOf(63)).isEqualTo(8 << 20);
    assertThat(SegmentSizes.limitOf(64)).isEqualTo(16 << 20);
    assertThat(SegmentSizes.limitOf(1_000_000)).isPositive();
  }
}
