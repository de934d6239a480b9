package io.bgfetch.blob;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobKeysTest {

  private static final UUID UID = UUID.fromString("019ab3c2-0000-7000-8000-000000000001");

  @Test
  void putsAThousandRecordsTogether() {
    assertThat(BlobKeys.responseSegment(UID, 1_023, 1, "to-ken", 0))
        .isEqualTo(UID + "/r0/1023-1-to-ken-0");
    assertThat(BlobKeys.responseSegment(UID, 1_024, 2, "to-ken", 7))
        .isEqualTo(UID + "/r1/1024-2-to-ken-7");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 1_024, 999_999_999})
  void sayWhichRecordTheyBelongTo(int index) {
    assertThat(BlobKeys.indexOf(BlobKeys.responseSegment(UID, index, 1, "7-8", 3)))
        .isEqualTo(index);
    assertThat(BlobKeys.indexOf(BlobKeys.requestSegment(UID, index, 3))).isEqualTo(index);
  }

  @ParameterizedTest
  @ValueSource(strings = {"probe/worker", "a/r0/x", "a/b/0", "a"})
  void othersBelongToNone(String key) {
    assertThat(BlobKeys.indexOf(key)).isEqualTo(-1);
  }

  @Test
  void knowThoseOfEarlierVersions() {
    assertThat(BlobKeys.indexOf(UID + "/5/1-token/0")).isEqualTo(5);
  }
}
