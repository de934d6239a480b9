package io.bgfetch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.bgfetch.client.FakeFetch;
import io.bgfetch.client.FakeGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ClientCommandsTest {
  private static final String UID_1 = "019ab000-0000-7000-8000-000000000001";

  private final FakeGateway gateway = new FakeGateway();
  private final CommandRun run = CommandRun.against(gateway);

  @TempDir Path directory;

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Nested
  class Fetch {
    @Test
    void registersAndReturns() {
      assertThat(run.execute("fetch", "my-fetch", "http://h/a", "http://h/b")).isZero();

      assertThat(run.out().strip()).isEqualTo("my-fetch: registered, 2 requests, " + UID_1);
      assertThat(gateway.registered.get(0))
          .containsExactly(
              "{\"id\":\"my-fetch\"}", "{\"url\":\"http://h/a\"}", "{\"url\":\"http://h/b\"}");
    }

    @Test
    void makesRequestsOfItsOptions() throws Exception {
      Path data = Files.writeString(directory.resolve("data"), "text");

      assertThat(
              run.execute(
                  "fetch",
                  "x",
                  "http://h/a",
                  "--title",
                  "T",
                  "--download-total",
                  "9",
                  "-X",
                  "PUT",
                  "-H",
                  "X-A: 1",
                  "-H",
                  "X-B:2",
                  "--data",
                  "@" + data))
          .isZero();

      assertThat(gateway.registered.get(0))
          .containsExactly(
              "{\"id\":\"x\",\"options\":{\"title\":\"T\",\"downloadTotal\":9}}",
              "{\"url\":\"http://h/a\",\"method\":\"PUT\","
                  + "\"headers\":{\"X-A\":\"1\",\"X-B\":\"2\"},\"body\":\"text\"}");
    }

    @Test
    void postsDataThatIsNoText() throws Exception {
      Path data = Files.write(directory.resolve("data"), new byte[] {(byte) 0xff, 0});

      assertThat(run.execute("fetch", "x", "http://h/a", "--data", "@" + data)).isZero();

      assertThat(gateway.registered.get(0))
          .last()
          .isEqualTo("{\"url\":\"http://h/a\",\"method\":\"POST\",\"bodyBase64\":\"/wA=\"}");
    }

    @Test
    void readsRequestsFromStandardInput() {
      run.input("http://h/b\n{\"url\":\"http://h/c\"}\n");

      assertThat(run.execute("fetch", "x", "http://h/a", "--from-file", "-")).isZero();

      assertThat(gateway.registered.get(0)).hasSize(4);
    }

    @Test
    void registersNothingOfAFileWithABadLine() {
      run.input("http://h/a\n".repeat(2000) + "{oops\n");

      assertThat(run.execute("fetch", "x", "--from-file", "-")).isEqualTo(2);

      assertThat(run.err()).startsWith("bgfetch: standard input, line 2001: not JSON: ");
      assertThat(run.err().lines()).hasSize(1);
      assertThat(gateway.registered).isEmpty();
    }

    @Test
    void watchesToTheEnd() {
      assertThat(run.execute("fetch", "my-fetch", "http://h/a", "http://h/b", "--watch")).isZero();

      assertThat(run.out().lines())
          .containsExactly(
              "my-fetch: registered, 2 requests, " + UID_1,
              "my-fetch: 0/2 records, 0 B",
              "my-fetch: success, 2 records, 36 B in 12 s (3 B/s)");
    }

    @Test
    void drawsABarOnATerminal() {
      run.on(new Terminal(true, true, true, () -> 80));

      assertThat(run.execute("fetch", "my-fetch", "http://h/a", "--watch")).isZero();

      assertThat(run.out())
          .contains("\r  0% ", "\u001b[K", "\u001b[32m✔ \u001b[0mmy-fetch: \u001b[32msuccess");
    }

    @Test
    void endsWithOneWhenTheFetchFailed() {
      assertThat(run.execute("fetch", "x", "http://h/a", "http://h/missing", "--watch"))
          .isEqualTo(1);

      assertThat(run.out()).contains("x: failure (bad-status), 1 of 2 records succeeded");
    }

    @Test
    void savesBodies() {
      Path target = directory.resolve("deep/down");

      assertThat(
              run.execute(
                  "fetch",
                  "x",
                  "http://h/a.txt",
                  "http://g/a.txt",
                  "http://h/%2e%2e%2fb",
                  "--output",
                  target.toString()))
          .isZero();

      assertThat(target.resolve("a.txt")).hasContent("body of http://h/a.txt");
      assertThat(target.resolve("a-2.txt")).hasContent("body of http://g/a.txt");
      assertThat(target.resolve("__b")).hasContent("body of http://h/%2e%2e%2fb");
      assertThat(target).isDirectoryNotContaining("glob:**.temp");
      assertThat(directory).isDirectoryContaining("glob:**/deep");
      assertThat(run.err()).contains("saved 3 files (71 B) in " + target);
    }

    @Test
    void saysWhichBodyItCouldNotSave() {
      assertThat(
              run.execute(
                  "fetch", "x", "http://h/a", "http://h/cut", "--output", directory.toString()))
          .isEqualTo(1);

      assertThat(run.err()).contains("not saved: record 1, http://h/cut: ", "saved 1 file (");
      assertThat(directory).isDirectoryNotContaining("glob:**cut*");
    }

    @Test
    void printsStatesAsJson() {
      assertThat(run.execute("fetch", "x", "http://h/a", "--json", "--watch")).isZero();

      assertThat(run.out().lines())
          .hasSize(3)
          .allSatisfy(line -> assertThat(line).startsWith("{\"id\":\"x\",\"uid\":\"" + UID_1));
      assertThat(run.out()).contains("\"result\":\"success\"");
    }

    @Test
    void refusesAnActiveIdWithOneLine() {
      gateway.add("x", "http://h/a");

      assertThat(run.execute("fetch", "x", "http://h/a")).isEqualTo(1);

      assertThat(run.err().strip()).isEqualTo("bgfetch: TypeError: the id is active already");
    }

    @Test
    void listsOffendingRequests() {
      gateway.answer(
          "POST /v1/fetches",
          exchange ->
              FakeGateway.problem(
                  exchange,
                  400,
                  "TypeError",
                  "12 requests are not valid",
                  problem ->
                      IntStream.range(0, 12)
                          .forEach(
                              i ->
                                  problem
                                      .withArrayProperty("errors")
                                      .addObject()
                                      .put("index", i)
                                      .put("detail", "bad \u001b[2J"))));

      assertThat(run.execute("fetch", "x", "http://h/a")).isEqualTo(2);

      assertThat(run.err().lines())
          .hasSize(12)
          .startsWith(
              "bgfetch: TypeError: 12 requests are not valid", "  http://h/a: bad \uFFFD[2J")
          .endsWith("  and 2 more");
    }
  }

  @Nested
  class FetchFromAFile {
    private Path file;

    @BeforeEach
    void write() throws Exception {
      file = directory.resolve("urls.txt");
      Files.writeString(file, "http://h/a\n\n\nhttp://h/b\nhttp://h/c\n\nhttp://h/d\n");
    }

    @Test
    void namesTheLinesOfOffendingRequests() {
      gateway.answer("POST /v1/fetches", exchange -> refuse(exchange, 0, 1, 2, 4));

      assertThat(run.execute("fetch", "x", "http://h/arg", "--from-file", file.toString()))
          .isEqualTo(2);

      assertThat(run.err().lines())
          .containsExactly(
              "bgfetch: TypeError: 4 requests are wrong",
              "  http://h/arg: no",
              "  " + file + ", line 1: no",
              "  " + file + ", line 4: no",
              "  " + file + ", line 7: no");
    }

    @Test
    void readsItAgainWhenTheConnectionWasLost() {
      assertThat(run.execute("list")).isZero();
      gateway.answerFirst(1, "POST /v1/fetches", FakeGateway::drop);

      assertThat(run.execute("fetch", "x", "--from-file", file.toString())).isZero();

      assertThat(gateway.registered.get(0)).hasSize(5);
    }

    @Test
    void readsStandardInputOnlyOnce() {
      gateway.answerFirst(1, "POST /v1/fetches", FakeGateway::drop);
      run.input("http://h/a\n");

      assertThat(run.execute("fetch", "x", "--from-file", "-")).isEqualTo(2);

      assertThat(run.err()).contains("can be walked only once, so it was not sent again");
    }

    private static void refuse(HttpExchange exchange, int... indexes) throws IOException {
      exchange.getRequestBody().readAllBytes();
      FakeGateway.problem(
          exchange,
          400,
          "TypeError",
          "request " + indexes[0] + ": no",
          problem -> {
            for (int index : indexes) {
              problem
                  .withArrayProperty("errors")
                  .addObject()
                  .put("index", index)
                  .put("detail", "no");
            }
          });
    }
  }

  @Nested
  class FetchWithLargeData {
    private static final String LARGE = "0123456789".repeat(20_000);
    private final List<String> forms = new ArrayList<>();

    @BeforeEach
    void takeForms() {
      gateway.answer(
          "POST /v1/fetches",
          exchange -> {
            forms.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            FakeGateway.problem(exchange, 507, "QuotaExceededError", "seen");
          });
    }

    @Test
    void streamsAFileOnceForAllRequests() throws Exception {
      Path data = Files.writeString(directory.resolve("data"), LARGE);

      assertThat(run.execute("fetch", "x", "http://h/a", "http://h/b", "--data", "@" + data))
          .isEqualTo(1);

      assertThat(forms.get(0))
          .containsOnlyOnce(LARGE)
          .contains("\"url\":\"http://h/a\",\"method\":\"POST\",\"bodyPart\":\"body-0\"")
          .contains("\"url\":\"http://h/b\",\"method\":\"POST\",\"bodyPart\":\"body-0\"");
    }

    @Test
    void streamsStandardInput() {
      run.input(LARGE);

      assertThat(run.execute("fetch", "x", "http://h/a", "--data", "@-", "-X", "PUT")).isEqualTo(1);

      assertThat(forms.get(0)).containsOnlyOnce(LARGE).contains("\"method\":\"PUT\"");
    }
  }

  @Nested
  class Reading {
    private final FakeFetch fetch =
        gateway.add("my-fetch", "http://h/a?x=1", "http://h/missing", "http://h/refused");

    @Test
    void showsOne() {
      fetch.performAll();

      assertThat(run.execute("get", "my-fetch")).isZero();

      assertThat(run.out().lines())
          .containsExactly(
              "id          my-fetch",
              "uid         " + UID_1,
              "state       failure (bad-status)",
              "records     3 of 3 ended, 1 succeeded, 2 failed",
              "downloaded  46 B",
              "created     2026-01-31 12:00:00",
              "ended       2026-01-31 12:00:12",
              "expires     2026-02-01 12:00:12");
    }

    @Test
    void showsOneAsJson() {
      assertThat(run.execute("get", UID_1, "--json")).isZero();

      assertThat(run.out()).startsWith("{\"id\":\"my-fetch\",\"uid\":\"" + UID_1 + "\"");
    }

    @Test
    void listsInColumns() {
      gateway.add("a", "http://h/a").performAll();

      assertThat(run.execute("list")).isZero();

      assertThat(run.out().lines())
          .containsExactly(
              "ID        UID                                   STATE    RECORDS  DOWNLOADED"
                  + "  CREATED              TITLE",
              "a         019ab000-0000-7000-8000-000000000002  success      1/1        18 B"
                  + "  2026-01-31 12:00:00",
              "my-fetch  019ab000-0000-7000-8000-000000000001  active       0/3         0 B"
                  + "  2026-01-31 12:00:00");
    }

    @Test
    void listsWhatIsActiveAndNoMoreThanAsked() {
      gateway.add("ended", "http://h/a").performAll();
      gateway.add("active", "http://h/a");

      assertThat(run.execute("list", "--active", "--limit", "1", "--json")).isZero();

      assertThat(run.out()).contains("\"id\":\"active\"", "],\"next\":\"1\"}");
      assertThat(gateway.calls).containsExactly("GET /v1/fetches?limit=1&active=true");
    }

    @Test
    void listsRecordsInColumns() {
      fetch.performAll();

      assertThat(run.execute("records", "my-fetch")).isZero();

      assertThat(run.out().lines())
          .containsExactly(
              "INDEX  RESULT       STATUS  SIZE  URL               ERROR",
              "    0  success         200  22 B  http://h/a?x=1",
              "    1  bad-status      404  24 B  http://h/missing",
              "    2  fetch-error       -   0 B  http://h/refused  connection refused");
    }

    @Test
    void listsRecordsOfSomeResults() {
      fetch.performAll();

      assertThat(run.execute("records", "my-fetch", "--result", "bad-status,fetch-error", "--json"))
          .isZero();

      assertThat(run.out()).contains("\"index\":1", "\"index\":2").doesNotContain("\"index\":0");
    }

    @Test
    void listsEveryPageAsOneDocument() {
      gateway.add(
          "bulk", IntStream.range(0, 1500).mapToObj(i -> "http://h/" + i).toArray(String[]::new));

      assertThat(run.execute("records", "bulk", "--json")).isZero();

      assertThat(run.out().lines()).hasSize(1501);
      assertThat(run.out()).startsWith("{\"records\":[").endsWith("],\"next\":null}\n");
    }

    @Test
    void matches() {
      assertThat(run.execute("match", "my-fetch", "http://h/a", "--ignore-search")).isZero();
      assertThat(run.out()).contains("0  waiting       -   0 B  http://h/a?x=1");
    }

    @Test
    void endsWithOneWhereNothingMatches() {
      assertThat(run.execute("match", "my-fetch", "http://h/a")).isEqualTo(1);
      assertThat(run.err().strip()).isEqualTo("bgfetch: no record of my-fetch matches http://h/a");
      assertThat(run.execute("match", "my-fetch", "http://h/a", "--json")).isEqualTo(1);
      assertThat(run.out().strip()).isEqualTo("{\"record\":null}");
      assertThat(run.execute("match", "my-fetch", "http://h/a", "--all")).isEqualTo(1);
    }

    @Test
    void writesABody() {
      fetch.performAll();

      assertThat(run.execute("body", "my-fetch", "1")).isZero();

      assertThat(run.out()).isEqualTo("body of http://h/missing");
    }

    @Test
    void endsWithOneWhereABodyIsCutOrMissing() {
      gateway.add("x", "http://h/cut", "http://h/refused").performAll();

      assertThat(run.execute("body", "x", "0")).isEqualTo(1);
      assertThat(run.execute("body", "x", "1")).isEqualTo(1);
      assertThat(run.execute("body", "x", "2")).isEqualTo(1);

      assertThat(run.err().lines())
          .hasSize(3)
          .contains("bgfetch: TypeError: the record cannot be read")
          .contains("bgfetch: there is no such record");
    }

    @Test
    void readsNoMoreOfABodyThanSomebodyTakes() throws Exception {
      fetch.performAll();
      CountDownLatch gone = new CountDownLatch(1);
      gateway.answer(
          "GET /v1/fetches/" + UID_1 + "/records/0/body",
          exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] block = new byte[1 << 16];
            try {
              while (!Thread.currentThread().isInterrupted()) {
                exchange.getResponseBody().write(block);
              }
            } finally {
              gone.countDown();
            }
          });
      run.closedBehind(1);

      assertThat(run.execute("body", "my-fetch", "0")).isEqualTo(1);

      assertThat(run.err().strip()).isEqualTo("bgfetch: standard output takes no more");
      assertThat(gone.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void printsTheRecordInPlaceOfItsBody() {
      fetch.performAll();
      String file = directory.resolve("saved").toString();

      assertThat(run.execute("body", "my-fetch", "1", "--json")).isZero();
      assertThat(run.out().lines()).singleElement().asString().startsWith("{\"index\":1,");
      assertThat(run.execute("body", "my-fetch", "0", "--output", file, "--json")).isZero();

      assertThat(run.out().lines()).hasSize(2).last().asString().startsWith("{\"index\":0,");
      assertThat(Path.of(file)).hasContent("body of http://h/a?x=1");
    }

    @Test
    void printsTheRecordsWhoseBodiesItSaved() {
      fetch.performAll();

      assertThat(run.execute("body", "my-fetch", "--all", directory.toString(), "--json")).isZero();

      assertThat(run.out())
          .startsWith("{\"records\":[")
          .contains("\"index\":0", "],\"next\":null}");
      assertThat(run.out()).doesNotContain("\"index\":1");
      assertThat(directory.resolve("a")).hasContent("body of http://h/a?x=1");
    }

    @Test
    void letsNothingForeignDriveTheTerminal() {
      gateway.add("\u009b2J\u202e", "http://h/\u009b").performAll();

      assertThat(run.execute("list", "--json")).isZero();
      assertThat(run.execute("get", "\u009b2J\u202e", "--json")).isZero();
      assertThat(run.execute("records", "\u009b2J\u202e", "--json")).isZero();

      assertThat(run.out())
          .contains("\"\\u009b2J\\u202e\"", "http://h/\\u009b")
          .doesNotContain("\u009b", "\u202e");
    }

    @Test
    void savesAllSuccessfulBodies() {
      fetch.performAll();

      assertThat(run.execute("body", "my-fetch", "--all", directory.toString())).isZero();

      assertThat(directory.resolve("a")).hasContent("body of http://h/a?x=1");
      assertThat(directory).isDirectoryNotContaining("glob:**missing*");
      assertThat(run.err().strip())
          .isEqualTo("saved 1 file (22 B) in " + directory + "; 2 records did not succeed");
    }

    @Test
    void aborts() {
      assertThat(run.execute("abort", "my-fetch")).isZero();
      assertThat(run.execute("abort", "my-fetch")).isZero();
      assertThat(run.execute("abort", "my-fetch", "--json")).isZero();

      assertThat(run.out().lines())
          .containsExactly(
              "my-fetch: aborted", "my-fetch: had ended before", "{\"aborted\":false}");
    }

    @Test
    void pausesAndResumes() {
      assertThat(run.execute("pause", "my-fetch")).isZero();
      assertThat(run.execute("get", "my-fetch")).isZero();
      assertThat(run.execute("resume", "my-fetch")).isZero();

      assertThat(run.out()).contains("my-fetch: paused", "state       paused", "my-fetch: goes on");
    }

    @Test
    void releasesOnceItHasEnded() {
      assertThat(run.execute("release", "my-fetch")).isEqualTo(1);
      fetch.performAll();
      assertThat(run.execute("release", "my-fetch", "--json")).isZero();

      assertThat(run.err().strip())
          .isEqualTo("bgfetch: InvalidStateError: the registration is active");
      assertThat(run.out()).contains("\"recordsAvailable\":false");
    }

    @Test
    void registersAgainWhatFailed() {
      fetch.performAll();

      assertThat(run.execute("retry", "my-fetch", "--id", "second try")).isZero();

      assertThat(run.out().strip())
          .startsWith("second try: registered 2 records again, uid 019ab000-");
    }

    @Test
    void deletes() {
      assertThat(run.execute("delete", "my-fetch")).isZero();
      assertThat(run.execute("get", "my-fetch")).isEqualTo(1);

      assertThat(run.out().strip()).isEqualTo("my-fetch: deleted");
    }

    @Test
    void deletesInSilenceForPrograms() {
      assertThat(run.execute("delete", "my-fetch", "--json")).isZero();

      assertThat(run.out()).isEmpty();
    }

    @Test
    void watches() {
      gateway.cutEventStreams(1);

      assertThat(run.execute("watch", "my-fetch")).isEqualTo(1);

      assertThat(run.out().lines())
          .containsExactly(
              "my-fetch: 0/3 records, 0 B",
              "my-fetch: failure (bad-status), 1 of 3 records succeeded, 46 B in 12 s (4 B/s)");
    }
  }

  @Nested
  class GoingWrong {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "get", "watch", "records", "abort", "pause", "resume", "release", "retry", "delete"
        })
    void endsWithOneWhereThereIsNoSuchFetch(String command) {
      assertThat(run.execute(command, "no body")).isEqualTo(1);
      assertThat(run.err().strip()).isEqualTo("bgfetch: there is no fetch 'no body'");
    }

    @Test
    void endsWithTwoWhereThereIsNoGateway() throws Exception {
      int port;
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = free.getLocalPort();
      }
      CommandRun run = CommandRun.against(URI.create("http://127.0.0.1:" + port));

      assertThat(run.execute("list")).isEqualTo(2);

      assertThat(run.err().strip())
          .isEqualTo(
              """
              bgfetch: no gateway at http://127.0.0.1:%d: connection refused
              Start one here: bgfetch up. One elsewhere: --url URL or BGFETCH_URL.\
              """
                  .formatted(port));
    }

    @Test
    void prefersTheOptionToTheEnvironment() {
      run.with("BGFETCH_URL", "nonsense");

      assertThat(run.execute("list")).isEqualTo(2);
      assertThat(run.err().strip())
          .isEqualTo("bgfetch: BGFETCH_URL is not an http or https URL: nonsense");
      assertThat(run.execute("list", "--url", gateway.address().toString())).isZero();
    }

    @Test
    void goesToTheNextGatewayWhereThereAreSeveral() throws Exception {
      URI nobody;
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        nobody = URI.create("http://127.0.0.1:" + free.getLocalPort());
      }
      run.with("BGFETCH_URL", nobody + ", " + gateway.address());

      assertThat(run.execute("list")).isZero();

      assertThat(run.execute("list", "--url", nobody + "," + nobody)).isEqualTo(2);
      assertThat(run.err()).contains("no gateway at " + nobody + ", " + nobody + ": connection");
    }

    @Test
    void suggestsTheCommandThatWasMeant() {
      assertThat(run.execute("fetsh", "x")).isEqualTo(2);
      assertThat(run.err())
          .contains("bgfetch: there is no command fetsh", "Did you mean: bgfetch fetch");
    }

    @Test
    void sendsTheKeyOfTheEnvironment() {
      run.with("BGFETCH_API_KEY", "k-1");

      assertThat(run.execute("list")).isZero();

      assertThat(gateway.headers.get(0).get("Authorization")).containsExactly("Bearer k-1");
    }

    @Test
    void tellsNobodyTheKeyThatCannotBeSent() {
      for (String key : List.of("secret\u2013key", "secret key", "secret\nkey")) {
        run.with("BGFETCH_API_KEY", key);

        assertThat(run.execute("list")).isEqualTo(2);
      }

      assertThat(run.err().lines())
          .hasSize(3)
          .allSatisfy(
              line ->
                  assertThat(line)
                      .startsWith("bgfetch: BGFETCH_API_KEY is not a key")
                      .doesNotContain("secret"));
      assertThat(gateway.calls).isEmpty();
    }

    @Test
    void endsWithTwoOnWrongUsage() {
      assertThat(run.execute("fetch")).isEqualTo(2);
      assertThat(run.execute("fetch", "x")).isEqualTo(2);
      assertThat(run.execute("get")).isEqualTo(2);
      assertThat(run.execute("fetch", "x", "http://h/", "-H", "nonsense")).isEqualTo(2);
      assertThat(run.execute("fetch", "x", "http://h/", "--data", "@/no/such/file")).isEqualTo(2);
      assertThat(run.execute("fetch", "x", "http://h/", "--output", "/dev/null/x")).isEqualTo(2);
      assertThat(run.execute("body", "x")).isEqualTo(2);
      assertThat(run.execute("body", "x", "y")).isEqualTo(2);
      assertThat(run.execute("list", "--limit", "0")).isEqualTo(2);
      assertThat(run.execute("records", "x", "--reslut", "y")).isEqualTo(2);

      assertThat(run.err()).doesNotContain("Exception", "\tat ");
      assertThat(run.err())
          .contains(
              "bgfetch: Missing required parameter: 'ID'",
              "Try: bgfetch fetch --help",
              "bgfetch: Nothing to fetch: no URL, no --from-file",
              "bgfetch: -H wants 'name: value', not nonsense",
              "bgfetch: cannot read --data: /no/such/file: no such file or directory",
              "bgfetch: Which one? Give INDEX (from 0), or --all DIR",
              "bgfetch: --limit must be 1 or more: 0");
      assertThat(gateway.calls).isEmpty();
    }

    @Test
    void tellsHowEachCommandIsUsed() {
      for (String command :
          new String[] {
            "fetch",
            "get",
            "list",
            "watch",
            "records",
            "match",
            "body",
            "abort",
            "pause",
            "resume",
            "release",
            "retry",
            "delete",
            "completion"
          }) {
        assertThat(run.execute(command, "--help")).isZero();
        assertThat(run.out()).contains("Usage: bgfetch " + command);
      }
    }
  }
}
