package io.bgfetch.seal;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.config.Settings;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class SecretHeadersTest {

  private static SecretHeaders set(String value) {
    return SecretHeaders.from(
        Settings.of(Map.of("BGFETCH_SECRET_HEADERS", value), new Properties()));
  }

  @Test
  void areAlwaysTheStandardOnes() {
    assertThat(set("x-other").names())
        .contains("authorization", "cookie", "proxy-authorization", "x-api-key");
    assertThat(SecretHeaders.STANDARD.contains("accept")).isFalse();
  }

  @Test
  void areThoseThatAreSetInAnyCase() {
    SecretHeaders headers = set(" X-Token ,,X-Session");

    assertThat(headers.contains("x-token")).isTrue();
    assertThat(headers.contains("x-session")).isTrue();
    assertThat(headers.contains("")).isFalse();
  }
}
