package io.bgfetch.gateway.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.gateway.reading.ByteRange.Part;
import io.bgfetch.gateway.reading.ByteRange.Unsatisfiable;
import io.bgfetch.gateway.reading.ByteRange.Whole;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {

  @ParameterizedTest
  @CsvSource({
    "bytes=0-,   0, 9",
    "bytes=3-5,  3, 5",
    "bytes=3-99, 3, 9",
    "BYTES=9-9,  9, 9",
    "bytes=-4,   6, 9",
    "bytes=-99,  0, 9"
  })
  void findsAPartOfTenBytes(String header, long first, long last) {
    assertThat(ByteRange.wanted(header, 10)).isEqualTo(new Part(new ByteRange(first, last)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bytes=0-1,3-4", "bytes=", "bytes=-", "lines=0-1", "bytes=5-3", "bytes 0-"})
  void servesTheWholeForAnythingElse(String header) {
    assertThat(ByteRange.wanted(header, 10)).isEqualTo(new Whole());
  }

  @ParameterizedTest
  @CsvSource({"bytes=10-, 10", "bytes=-0, 10", "bytes=0-, 0", "bytes=-5, 0"})
  void hasNothingBehindTheEnd(String header, long size) {
    assertThat(ByteRange.wanted(header, size)).isEqualTo(new Unsatisfiable());
  }
}
