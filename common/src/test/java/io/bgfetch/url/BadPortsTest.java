package io.bgfetch.url;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BadPortsTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 21, 22, 25, 113, 995, 1719, 5061, 6000, 6665, 6669, 6697, 10080})
  void refusesPortsOfOtherProtocols(int port) {
    assertThat(BadPorts.isBad(port)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      ints = {2, 6, 8, 24, 80, 112, 443, 996, 1718, 5062, 5999, 6664, 6670, 8080, 10079, 65535})
  void allowsPortsBesideThem(int port) {
    assertThat(BadPorts.isBad(port)).isFalse();
  }

  @Test
  void listsAsManyAsTheFetchStandard() {
    assertThat(IntStream.rangeClosed(0, 65535).filter(BadPorts::isBad)).hasSize(83);
  }
}
