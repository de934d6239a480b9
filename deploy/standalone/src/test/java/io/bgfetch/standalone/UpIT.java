package io.bgfetch.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.cli.CommandContext;
import io.bgfetch.cli.Terminal;
import io.bgfetch.testkit.Origin;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code bgfetch up} as a process of its own, and the client commands that people use with it. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class UpIT {
  private static final List<String> JVM =
      List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
  private static final Map<String, String> OPEN = Map.of("BGFETCH_EGRESS_ALLOW", "127.0.0.0/8");

  @TempDir private static Path directory;
  private static Origin origin;
  private static BgfetchProcess up;
  private static String gateway;

  @BeforeAll
  static void start() {
    origin = Origin.start();
    up = up();
    gateway = up.awaitUrl();
  }

  private static BgfetchProcess up() {
    return BgfetchProcess.start(directory, JVM, OPEN, "up", "--port", "0", "--workers", "2");
  }

  @AfterAll
  static void stop() throws InterruptedException {
    up.close();
    origin.close();
  }

  /** What a client command printed, and how it ended. */
  private record Answer(int status, String out, String err) {}

  private static Answer bgfetch(String... arguments) {
    return bgfetchAt(gateway, arguments);
  }

  private static Answer bgfetchAt(String url, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    CommandContext context =
        new CommandContext(
            InputStream.nullInputStream(),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            Map.of("BGFETCH_URL", url),
            Terminal.none(),
            ZoneOffset.UTC);
    int status = Main.commandLine(context).execute(arguments);
    return new Answer(status, out.toString(UTF_8), err.toString(UTF_8));
  }

  @Test
  void saysWhatAPersonNeedsAndNothingElse() {
    assertThat(up.out().lines())
        .hasSize(7)
        .anySatisfy(line -> assertThat(line).contains(directory.toString(), ".bgfetch"))
        .anySatisfy(line -> assertThat(line).contains("logs/bgfetch.log"))
        .anySatisfy(line -> assertThat(line).contains("Ctrl-C"))
        .anySatisfy(line -> assertThat(line).matches("  kafka 127\\.0\\.0\\.1:\\d+, .*"));
    assertThat(up.err()).isEmpty();
  }

  @Test
  void fetchesAndWatchesToTheEnd() {
    Answer answer = bgfetch("fetch", "watched", origin.url("/bytes/70000?seed=1"), "--watch");

    assertThat(answer.status()).as(answer.err()).isZero();
    assertThat(answer.out()).contains("watched: success");
    assertThat(bgfetch("get", "watched").out()).contains("success");
    assertThat(bgfetch("list").out()).contains("watched");
    assertThat(bgfetch("records", "watched").out()).contains("/bytes/70000");
  }

  @Test
  void savesBodies() throws Exception {
    Path saved = directory.resolve("saved.bin");

    assertThat(bgfetch("fetch", "saved", origin.url("/bytes/300000?seed=2"), "--watch").status())
        .isZero();
    assertThat(bgfetch("body", "saved", "0", "--output", saved.toString()))
        .satisfies(answer -> assertThat(answer.status()).as(answer.err()).isZero());
    assertThat(saved).hasBinaryContent(Origin.bytes(2, 300_000));
  }

  @Test
  void findsARecordByItsUrl() {
    String url = origin.url("/bytes/10?seed=3");
    assertThat(bgfetch("fetch", "matched", url, "--watch").status()).isZero();

    assertThat(bgfetch("match", "matched", url).status()).isZero();
    assertThat(bgfetch("match", "matched", url + "0").status()).isOne();
  }

  @Test
  void endsWithOneWhenTheFetchFails() {
    Answer answer = bgfetch("fetch", "failed", origin.url("/status/404"), "--watch");

    assertThat(answer.status()).isOne();
    assertThat(answer.out()).contains("bad-status");
  }

  @Test
  void abortsOnce() {
    assertThat(bgfetch("fetch", "aborted", origin.url("/never")).status()).isZero();

    assertThat(bgfetch("abort", "aborted").status()).isZero();
    assertThat(bgfetch("watch", "aborted"))
        .satisfies(watched -> assertThat(watched.out()).contains("aborted"))
        .satisfies(watched -> assertThat(watched.status()).isOne());
  }

  @Test
  void tellsWhatIsNotThereFromWhatIsWrong() {
    assertThat(bgfetch("get", "never-registered").status()).isOne();
    assertThat(bgfetch("fetch", "bad", "ftp://127.0.0.1/").status()).isEqualTo(2);
    assertThat(bgfetch("nonsense").status()).isEqualTo(2);
    assertThat(bgfetchAt("http://127.0.0.1:1", "list"))
        .satisfies(answer -> assertThat(answer.status()).isEqualTo(2))
        .satisfies(
            answer ->
                assertThat(answer.err().lines())
                    .hasSize(2)
                    .first()
                    .asString()
                    .contains("no gateway at http://127.0.0.1:1"));
  }

  @Test
  void refusesADirectoryThatIsInUse() throws Exception {
    try (BgfetchProcess second = up()) {
      assertThat(second.awaitExit()).isEqualTo(2);
      assertThat(second.err().lines())
          .singleElement()
          .asString()
          .contains("in use by another bgfetch");
    }
  }

  @Test
  void refusesAPortThatIsTaken() throws Exception {
    String taken = Integer.toString(URI.create(gateway).getPort());

    try (BgfetchProcess second =
        BgfetchProcess.start(
            directory, JVM, OPEN, "up", "--port", taken, "--data-dir", "another")) {
      assertThat(second.awaitExit()).isEqualTo(2);
      assertThat(second.err().lines()).singleElement().asString().contains(taken, "--port");
      assertThat(directory.resolve("another")).doesNotExist();
    }
  }

  @Test
  void keepsItsDataWhenItIsKilled() throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("killed"));
    String url;
    try (BgfetchProcess first = upIn(elsewhere)) {
      url = first.awaitUrl();
      String page = origin.url("/bytes/100000?seed=4");
      assertThat(bgfetchAt(url, "fetch", "kept", page, "--watch").status()).isZero();
      first.kill();
    }
    try (BgfetchProcess second = upIn(elsewhere)) {
      url = second.awaitUrl();
      Path body = elsewhere.resolve("body.bin");

      assertThat(bgfetchAt(url, "body", "kept", "0", "--output", body.toString()).status())
          .isZero();
      assertThat(body).hasBinaryContent(Origin.bytes(4, 100_000));
      assertThat(bgfetchAt(url, "fetch", "next", origin.url("/bytes/5?seed=5"), "--watch").status())
          .isZero();

      second.terminate();
      assertThat(second.awaitExit()).isEqualTo(143);
    }
  }

  private static BgfetchProcess upIn(Path directory) {
    return BgfetchProcess.start(directory, JVM, OPEN, "up", "--port", "0");
  }
}
