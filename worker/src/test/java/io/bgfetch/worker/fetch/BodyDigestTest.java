package io.bgfetch.worker.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.blob.StoredBody;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyDigestTest {

  private static final String SHA256 = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
  private static final String SHA384 =
      "ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn";

  private static BodyDigest of(String integrity) {
    BodyDigest digest = new BodyDigest(Integrity.parse(integrity));
    digest.update("a".getBytes(StandardCharsets.UTF_8));
    digest.update("bc".getBytes(StandardCharsets.UTF_8));
    return digest;
  }

  @Test
  void isSha256InBase64() {
    assertThat(of(null).finish(StoredBody.EMPTY).digest()).isEqualTo(SHA256);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sha256-" + SHA256,
        "SHA256-" + SHA256 + "?option",
        "sha384-" + SHA384,
        "sha384-AAAA sha384-" + SHA384,
        "sha256-AAAA sha384-" + SHA384,
        "md5-AAAA",
        "",
        "nonsense"
      })
  void acceptsTheBodyThatWasMeant(String integrity) {
    assertThat(of(integrity).finish(StoredBody.EMPTY).mismatch()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sha256-AAAA", "sha256-", "sha256-!", "sha256-" + SHA256 + " sha384-AAAA"})
  void refusesAnother(String integrity) {
    assertThat(of(integrity).finish(StoredBody.EMPTY).mismatch()).startsWith("integrity: ");
  }
}
