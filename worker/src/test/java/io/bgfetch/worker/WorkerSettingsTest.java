package io.bgfetch.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bgfetch.config.SettingException;
import io.bgfetch.config.Settings;
import io.bgfetch.lane.HostLimit;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerSettingsTest {

  private static WorkerSettings read(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.putIfAbsent("BGFETCH_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092");
    all.putIfAbsent("BGFETCH_SECRET_KEY", Base64.getEncoder().encodeToString(new byte[32]));
    return WorkerSettings.from(Settings.of(all, new Properties()));
  }

  @Test
  void haveDefaults() {
    WorkerSettings settings = read(Map.of());

    assertThat(settings.concurrency()).isEqualTo(256);
    assertThat(settings.hostLimits().of("a.example:80")).isEqualTo(HostLimit.ofConcurrency(64));
    assertThat(settings.timeouts().connect()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.httpHost()).isEqualTo("127.0.0.1");
    assertThat(settings.httpPort()).isZero();
    assertThat(settings.blobs()).startsWith("file:/").endsWith(".bgfetch/blobs");
  }

  @Test
  void keepBlobsInTheDataDirectory() {
    assertThat(read(Map.of("BGFETCH_DATA_DIR", "/data")).blobs()).isEqualTo("file:/data/blobs");
    assertThat(read(Map.of("BGFETCH_DATA_DIR", "/data", "BGFETCH_BLOBS", "file:/b")).blobs())
        .isEqualTo("file:/b");
  }

  @ParameterizedTest
  @CsvSource({
    "BGFETCH_WORKER_CONCURRENCY, 0",
    "BGFETCH_HOST_CONCURRENCY, many",
    "BGFETCH_HOST_RATE, 0",
    "BGFETCH_HOST_LIMITS, example.com",
    "BGFETCH_EGRESS_ALLOW, 127.0.0.0/99",
    "BGFETCH_EGRESS_PROXY, https://proxy.example:3128",
    "BGFETCH_EGRESS_PROXY, http://proxy.example/path",
    "BGFETCH_EGRESS_PROXY, proxy.example:3128",
    "BGFETCH_EGRESS_PROXY, http://user:100%@proxy.example:3128",
    "BGFETCH_EGRESS_CA, /nowhere/ca.pem",
    "BGFETCH_EGRESS_CA, /dev/null",
    "BGFETCH_SECRET_KEY, c2hvcnQ=",
    "BGFETCH_TIMEOUT_IDLE, 5",
    "BGFETCH_HTTP_PORT, 65536"
  })
  void nameTheOneThatCannotBeRead(String name, String value) {
    assertThatThrownBy(() -> read(Map.of(name, value)))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining(name);
  }

  @Test
  void neverShowThePasswordOfAProxy() {
    String right = "http://user:p%40ss%2Bword@127.0.0.1:3128";
    WorkerSettings settings = read(Map.of("BGFETCH_EGRESS_PROXY", right));

    assertThat(settings.egress().proxy().authorization())
        .hasValue("Basic " + Base64.getEncoder().encodeToString("user:p@ss+word".getBytes()));
    assertThat(settings).asString().contains("127.0.0.1:3128").doesNotContain("word", "user");
    assertThatThrownBy(() -> read(Map.of("BGFETCH_EGRESS_PROXY", right + "/x")))
        .hasMessageContaining("BGFETCH_EGRESS_PROXY")
        .hasMessageNotContaining("2Bword");
  }
}
