package io.bgfetch.worker.coding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentCodingsTest {

  @Test
  void areOfferedWhereTheirLibrariesLoad() {
    assertThat(ContentCodings.offered()).isEqualTo("gzip, deflate, br, zstd");
  }

  @Test
  void areUndoneWhereAllAreKnown() {
    assertThat(ContentCodings.toUndo(" br , identity,,X-GZIP"))
        .containsExactly(Coding.BR, Coding.GZIP);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip, compress", "sdch", "gzip;q=1", "gzip,br,gzip"})
  void stayWhereOneIsNotKnownOrTheyAreTooMany(String contentEncoding) {
    assertThat(ContentCodings.toUndo(contentEncoding)).isEmpty();
    assertThat(ContentCodings.coded(contentEncoding)).isTrue();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "identity", " Identity , "})
  void areNoneWithoutAName(String contentEncoding) {
    assertThat(ContentCodings.coded(contentEncoding)).isFalse();
    assertThat(ContentCodings.toUndo(contentEncoding)).isEmpty();
  }
}
