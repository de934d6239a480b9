package io.bgfetch.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that cannot start says why, in one line and with status 2. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class StartFailuresIT {
  private static final List<String> JVM =
      List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
  private static final String NOBODY = "127.0.0.1:1";
  private static final Map<String, String> NO_BACKENDS =
      Map.of(
          "BGFETCH_POSTGRES_URI",
          "postgresql://bgfetch:secret@" + NOBODY + "/bgfetch",
          "BGFETCH_KAFKA_BOOTSTRAP_SERVERS",
          NOBODY,
          "BGFETCH_HTTP_PORT",
          "0");

  @TempDir private Path directory;

  private BgfetchProcess bgfetch(Map<String, String> settings, String... arguments) {
    return BgfetchProcess.start(directory, JVM, settings, arguments);
  }

  private static void saysOnly(BgfetchProcess process, String... parts) throws Exception {
    try (process) {
      assertThat(process.awaitExit()).isEqualTo(2);
      assertThat(process.err().lines()).singleElement().asString().contains(parts);
      assertThat(process.out()).isEmpty();
    }
  }

  @Test
  void namesTheSettingThatIsMissing() throws Exception {
    saysOnly(bgfetch(Map.of(), "gateway"), "BGFETCH_POSTGRES_URI");
    saysOnly(bgfetch(Map.of(), "worker"), "BGFETCH_KAFKA_BOOTSTRAP_SERVERS");
  }

  @Test
  void namesTheSettingThatCannotBeRead() throws Exception {
    saysOnly(
        bgfetch(Map.of("BGFETCH_WORKER_CONCURRENCY", "many"), "up"), "BGFETCH_WORKER_CONCURRENCY");
    saysOnly(bgfetch(Map.of(), "up", "--workers", "0"), "--workers");
    assertThat(directory.resolve(".bgfetch")).doesNotExist();
  }

  @Test
  void givesUpWithoutBackends() throws Exception {
    try (BgfetchProcess gateway = bgfetch(NO_BACKENDS, "gateway");
        BgfetchProcess worker = bgfetch(NO_BACKENDS, "worker")) {
      givesUp(gateway, "Postgres");
      givesUp(worker, "Kafka");
    }
  }

  /**
   * Before the reason there may be warnings of clients that try again, in the format of the log.
   */
  private static void givesUp(BgfetchProcess process, String missing) throws Exception {
    assertThat(process.awaitExit()).isEqualTo(2);
    assertThat(process.err().lines()).last().asString().containsIgnoringCase(missing);
    assertThat(process.err()).doesNotContain("\tat ", "\n    at ", "secret");
  }

  @Test
  void refusesAPortOfABackendThatIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = Integer.toString(taken.getLocalPort());

      saysOnly(bgfetch(Map.of(), "backends", "--kafka-port", port), "kafka-port", port);
      saysOnly(bgfetch(Map.of(), "backends", "--postgres-port", port), "postgres-port", port);
    }
  }

  @Test
  void refusesADataDirectoryThatIsAFile() throws IOException, Exception {
    Path file = Files.createFile(directory.resolve("file"));

    saysOnly(bgfetch(Map.of(), "up", "--port", "0", "--data-dir", file.toString()), "file");
  }
}
