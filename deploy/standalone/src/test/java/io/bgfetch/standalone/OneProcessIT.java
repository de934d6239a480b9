package io.bgfetch.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.client.BackgroundFetchOptions;
import io.bgfetch.client.BackgroundFetchRecord;
import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.FetchRequest;
import io.bgfetch.testkit.Origin;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway and two workers in this JVM, on real backends, and an origin with good and bad days.
 */
@WithBackends
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class OneProcessIT {
  private static final int SIZE_STEP = 97;
  private static final int LARGE = 300_000;

  /** The least time between two states of one registration, in nanoseconds. */
  private static final long QUARTER_OF_A_SECOND = 250_000_000;

  private static TestCluster cluster;
  private static Origin origin;
  private static URI gateway;

  @BeforeAll
  static void start(TestBackends backends, @TempDir Path directory) throws Exception {
    origin = Origin.start();
    cluster = TestCluster.start(backends, directory, Map.of());
    gateway = cluster.url();
  }

  @AfterAll
  static void stop() {
    cluster.close();
    origin.close();
  }

  /** Sizes of which some ride inline in a message and some are a segment of their own. */
  private static int size(long index) {
    return index % 50 == 7 ? LARGE : (int) index * SIZE_STEP;
  }

  private static String page(int index) {
    return "/bytes/" + size(index) + "?seed=" + index;
  }

  @Test
  void performsGoodAndBadRequestsOfOneRegistrationAlike() throws Exception {
    int closedPort = closedPort();
    List<String> urls = new ArrayList<>();
    IntStream.range(0, 300).forEach(i -> urls.add(origin.url(page(i))));
    IntStream.range(300, 350).forEach(i -> urls.add(origin.url(redirectTo(page(i)))));
    IntStream.range(350, 390).forEach(i -> urls.add(origin.url("/slow/200" + page(i))));
    IntStream.range(390, 440).forEach(i -> urls.add(origin.url("/status/404")));
    IntStream.range(440, 470).forEach(i -> urls.add(origin.url("/cut/20000/5000?seed=" + i)));
    IntStream.range(470, 500).forEach(i -> urls.add("http://127.0.0.1:" + closedPort + "/" + i));

    long began = System.nanoTime();
    BackgroundFetchRegistration registration = fetch("mixed", urls.stream());
    CompletableFuture<HttpResponse<Stream<String>>> events = events(registration);
    registration.follow(event -> {});

    Expected.exactCounters(registration, 390, 110);
    assertThat(registration.result()).isEqualTo("failure");
    assertThat(resultsFrom(registration, 390, 440)).containsOnly(Map.entry("bad-status", 50L));
    assertThat(resultsFrom(registration, 440, 500)).containsOnly(Map.entry("fetch-error", 60L));
    Expected.identicalBodies(registration.records("success").stream().toList(), OneProcessIT::size);
    List<String> types = types(events.get(30, TimeUnit.SECONDS));
    exactlyOneEndEvent(types);
    long quarters = (System.nanoTime() - began) / QUARTER_OF_A_SECOND;
    assertThat((long) types.size()).as("merged").isLessThan(quarters + 3).isLessThan(500);
  }

  private static String redirectTo(String path) {
    return "/redirect-to?url=" + URLEncoder.encode(path, UTF_8);
  }

  private static BackgroundFetchRegistration fetch(String id, Stream<String> urls) {
    return cluster
        .client()
        .fetch(id, urls.map(FetchRequest::of), BackgroundFetchOptions.none().withRetryLimit(2));
  }

  private static Map<String, Long> resultsFrom(
      BackgroundFetchRegistration registration, long from, long to) {
    return registration.records().stream()
        .filter(record -> record.index() >= from && record.index() < to)
        .collect(Collectors.groupingBy(BackgroundFetchRecord::result, Collectors.counting()));
  }

  private static CompletableFuture<HttpResponse<Stream<String>>> events(
      BackgroundFetchRegistration registration) {
    HttpRequest request =
        HttpRequest.newBuilder(gateway.resolve("/v1/fetches/" + registration.uid() + "/events"))
            .timeout(Duration.ofMinutes(2))
            .build();
    return HttpClient.newHttpClient().sendAsync(request, HttpResponse.BodyHandlers.ofLines());
  }

  private static List<String> types(HttpResponse<Stream<String>> stream) {
    return stream
        .body()
        .filter(line -> line.startsWith("event:"))
        .map(l -> l.substring(6).strip())
        .toList();
  }

  private static void exactlyOneEndEvent(List<String> types) {
    assertThat(types).endsWith("backgroundfetchfail");
    assertThat(types.subList(0, types.size() - 1)).isNotEmpty().containsOnly("progress");
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void fetchesTwiceWhatStandsInTheListTwice() throws Exception {
    String path = "/bytes/4321?twice";

    BackgroundFetchRegistration registration =
        fetch("twice", Stream.of(origin.url(path), origin.url(path)));
    registration.follow(event -> {});

    Expected.exactCounters(registration, 2, 0);
    assertThat(registration.downloaded()).isEqualTo(2 * 4321);
    assertThat(origin.heads().stream().filter(head -> head.uri().equals(path))).hasSize(2);
  }

  /** Every chunk but the first comes when the one before it was told of. */
  @Test
  void tellsOfBytesWhileTheyArriveAndNeverMoreThanCanBeRead() throws Exception {
    HandDripped page = HandDripped.on(origin, "/told", Origin.bytes(5, 3_000));
    BackgroundFetchRegistration registration = fetch("slow", Stream.of(origin.url("/told")));
    HttpResponse<Stream<String>> events = events(registration).get(30, TimeUnit.SECONDS);

    page.send(1_000);
    List<Long> downloaded = new ArrayList<>();
    try (Stream<String> lines = events.body()) {
      for (String event : (Iterable<String>) lines.filter(l -> l.startsWith("data:"))::iterator) {
        assertThat(read(registration)).isGreaterThanOrEqualTo(version(event));
        long bytes = number(event, "downloaded");
        boolean more = bytes > 0 && bytes < 3_000 && !downloaded.contains(bytes);
        downloaded.add(bytes);
        if (more) {
          page.send(1_000);
        }
      }
    }

    assertThat(downloaded).isSorted().contains(1_000L, 2_000L).endsWith(3_000L);
  }

  /** All while one fetch stands still in its body. */
  @Test
  void showsItsTwoWorkersAndWhatTheyDo() throws Exception {
    HandDripped page = HandDripped.on(origin, "/watched", Origin.bytes(5, 2_000));
    BackgroundFetchRegistration registration = fetch("watched", Stream.of(origin.url("/watched")));
    page.send(1_000);

    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              List<JsonObject> workers = objects(get("/v1/workers"), "workers");
              assertThat(workers.stream().map(worker -> worker.getString("id")).distinct())
                  .hasSize(2);
              assertThat(workers.stream().mapToInt(worker -> worker.getInteger("running")).sum())
                  .isOne();
              JsonObject stats = get("/v1/stats");
              assertThat(stats.getInteger("running")).isOne();
              assertThat(stats.getInteger("waiting")).isZero();
              assertThat(objects(stats, "points")).anyMatch(point -> came(point) > 0);
            });
    page.send(1_000);
    registration.follow(event -> {});
    await().atMost(Duration.ofSeconds(60)).until(() -> get("/v1/stats").getInteger("running") == 0);
  }

  private static double came(JsonObject point) {
    return point.getDouble("bytesPerSecond");
  }

  private static JsonObject get(String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(gateway.resolve(path)).timeout(Duration.ofMinutes(1)).build();
    return new JsonObject(
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  private static List<JsonObject> objects(JsonObject json, String member) {
    return json.getJsonArray(member).stream().map(JsonObject.class::cast).toList();
  }

  /** The version that a registration has when it is read now. */
  private static long read(BackgroundFetchRegistration registration) {
    registration.refresh();
    return version(registration.toJson());
  }

  private static long version(String json) {
    return number(json, "version");
  }

  private static long number(String json, String member) {
    Matcher matcher = Pattern.compile("\"" + member + "\": ?(\\d+)").matcher(json);
    assertThat(matcher.find()).as(json).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  /**
   * What is there comes from a host of its own: at the other its turn might come after a minute.
   */
  @Test
  void endsAnAbortedRegistrationAndKeepsWhatWasThere() throws Exception {
    try (Origin other = Origin.start()) {
      BackgroundFetchRegistration registration =
          fetch(
              "aborted",
              Stream.concat(
                  Stream.of(other.url("/bytes/1000?seed=0")),
                  Stream.generate(() -> origin.url("/never")).limit(100)));
      registration.follow(
          event -> {
            if (event.registration().active() && event.registration().records().settled() == 1) {
              assertThat(registration.abort()).isTrue();
            }
          });

      assertThat(registration.abort()).isFalse();
      assertThat(registration.failureReason()).isEqualTo("aborted");
      Expected.exactCounters(registration, 1, 100);
      Expected.identicalBodies(registration.records("success").stream().toList(), index -> 1000);
    }
  }
}
