package io.bgfetch.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every blob store does. */
interface BlobStoreContract {

  /** An empty store, the same one throughout a test. */
  BlobStore store() throws IOException;

  default void store(String key, String text) throws IOException {
    try (BlobStore.Draft draft = store().begin(key)) {
      draft.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      draft.commit();
    }
  }

  default String read(String key, long offset) throws IOException {
    try (var in = Channels.newInputStream(store().open(key, offset))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** All names of a listing, which are read three at a time. */
  default List<String> names(BlobStore.Listing listing) throws IOException {
    List<String> names = new ArrayList<>();
    try (listing) {
      List<String> some = listing.next(3);
      while (!some.isEmpty()) {
        assertThat(some).hasSizeLessThanOrEqualTo(3);
        names.addAll(some);
        some = listing.next(3);
      }
      assertThat(listing.next(3)).isEmpty();
    }
    return names;
  }

  @Test
  default void givesBackWhatWasCommitted() throws IOException {
    store("a/0/1-t/0", "hello");

    assertThat(read("a/0/1-t/0", 0)).isEqualTo("hello");
    assertThat(read("a/0/1-t/0", 3)).isEqualTo("lo");
  }

  @Test
  default void copiesABlobThatStaysWhenTheFirstIsDeleted() throws IOException {
    store("a/0", "hello");

    store().copy("a/0", "b/7/0");
    store().copy("a/0", "b/7/0");
    store().deleteAll("a");

    assertThat(read("b/7/0", 0)).isEqualTo("hello");
  }

  @Test
  default void hasNothingToCopyOfABlobThatIsNotThere() throws IOException {
    assertThatThrownBy(() -> store().copy("a/0", "b/0")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> store().open("b/0", 0)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  default void showsNothingOfADraft() throws IOException {
    try (BlobStore.Draft draft = store().begin("a/0")) {
      draft.write(ByteBuffer.wrap(new byte[10]));

      assertThatThrownBy(() -> store().open("a/0", 0)).isInstanceOf(NoSuchFileException.class);
      assertThat(names(store().list("a"))).isEmpty();
    }

    assertThatThrownBy(() -> store().open("a/0", 0)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  default void deletesAllThatBeginsWithAPrefixAndNothingElse() throws IOException {
    store("a/0/x", "1");
    store("a/1/y", "2");
    store("ab/0", "3");

    store().deleteAll("a");
    store().deleteAll("never");

    assertThatThrownBy(() -> store().open("a/0/x", 0)).isInstanceOf(NoSuchFileException.class);
    assertThat(read("ab/0", 0)).isEqualTo("3");
  }

  @Test
  default void deletesOneBlobAndNoOther() throws IOException {
    store("a/0/x/0", "1");
    store("a/0/x/1", "2");

    store().delete("a/0/x/0");
    store().delete("a/0/x/0");
    store().delete("never/was");

    assertThatThrownBy(() -> store().open("a/0/x/0", 0)).isInstanceOf(NoSuchFileException.class);
    assertThat(read("a/0/x/1", 0)).isEqualTo("2");
  }

  @Test
  default void listsAllThatBeginsWithAPrefixAndNothingElse() throws IOException {
    List<String> keys = List.of("a/0/x/0", "a/0/x/1", "a/0/y/0", "a/1/x/0", "a/10/x/0");
    for (String key : keys) {
      store(key, key);
    }
    store("ab/0/x/0", "another");

    assertThat(names(store().list("a"))).containsExactlyInAnyOrderElementsOf(keys);
    assertThat(names(store().list("never"))).isEmpty();
  }

  @Test
  default void listsEachPrefixOnce() throws IOException {
    for (String key : List.of("a/0/x", "a/1/x", "b/0", "c/0", "d/0/1/2/3")) {
      store(key, key);
    }
    store().deleteAll("c");

    assertThat(names(store().prefixes())).containsExactlyInAnyOrder("a", "b", "d");
  }

  @Test
  default void forgetsAPrefixWithItsLastBlob() throws IOException {
    store("a/0/x/0", "1");

    store().delete("a/0/x/0");

    assertThat(names(store().prefixes())).isEmpty();
  }

  @Test
  default void goesOnListingWhenWhatItListsIsDeleted() throws IOException {
    store("a/0/x", "1");
    store("a/1/x", "2");
    store("a/2/x", "3");
    try (BlobStore.Listing listing = store().list("a")) {
      List<String> first = listing.next(1);
      store().deleteAll("a");

      assertThat(first).hasSize(1);
      assertThat(listing.next(10)).hasSizeLessThanOrEqualTo(2);
      assertThat(listing.next(10)).isEmpty();
    }
  }
}
