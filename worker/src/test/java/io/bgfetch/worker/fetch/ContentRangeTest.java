package io.bgfetch.worker.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.worker.fetch.ContentRange.Nothing;
import io.bgfetch.worker.fetch.ContentRange.Part;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentRangeTest {

  @Test
  void isAPartOfAWhole() {
    assertThat(ContentRange.parse(List.of("bytes 0-0/1"))).isEqualTo(new Part(0, 0, 1L));
    assertThat(ContentRange.parse(List.of(" Bytes 5-9/10 "))).isEqualTo(new Part(5, 9, 10L));
    assertThat(ContentRange.parse(List.of("bytes 5-9/*"))).isEqualTo(new Part(5, 9, null));
    assertThat(new Part(5, 9, null).length()).isEqualTo(5);
  }

  @Test
  void isNothingOfAWhole() {
    assertThat(ContentRange.parse(List.of("bytes */10"))).isEqualTo(new Nothing(10));
    assertThat(ContentRange.parse(List.of("bytes */0"))).isEqualTo(new Nothing(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes */*",
        "bytes 5-4/10",
        "bytes 5-10/10",
        "bytes 0-10/10",
        "bytes -5-9/10",
        "bytes 5-/10",
        "bytes 5-9",
        "bytes 5-9/",
        "bytes=5-9/10",
        "bytes 5-9/10, bytes 5-9/10",
        "bytes 5-9/9999999999999999999",
        "bytes ٥-٩/١٠",
        "pages 5-9/10"
      })
  void isNoneOfThese(String value) {
    assertThat(ContentRange.parse(List.of(value))).isNull();
  }

  @Test
  void standsThereOnce() {
    assertThat(ContentRange.parse(List.of())).isNull();
    assertThat(ContentRange.parse(List.of("bytes 5-9/10", "bytes 5-9/10"))).isNull();
  }
}
