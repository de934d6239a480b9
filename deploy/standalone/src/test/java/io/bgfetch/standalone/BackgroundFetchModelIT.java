package io.bgfetch.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bgfetch.cli.CommandContext;
import io.bgfetch.cli.Terminal;
import io.bgfetch.client.BackgroundFetchEvent;
import io.bgfetch.client.BackgroundFetchEvents;
import io.bgfetch.client.BackgroundFetchOptions;
import io.bgfetch.client.BackgroundFetchRecord;
import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.BgfetchException;
import io.bgfetch.client.FetchRequest;
import io.bgfetch.testkit.Origin;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client that knows the browser's Background Fetch API finds, over everything at once. */
@WithBackends
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class BackgroundFetchModelIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static TestCluster cluster;
  private static Origin origin;

  @BeforeAll
  static void start(TestBackends backends, @TempDir Path directory) throws Exception {
    origin = Origin.start();
    cluster = TestCluster.start(backends, directory, Map.of());
  }

  @AfterAll
  static void stop() {
    cluster.close();
    origin.close();
  }

  private static BackgroundFetchRegistration fetch(String id, String... pages) {
    return cluster
        .client()
        .fetch(
            id,
            Arrays.stream(pages).map(page -> FetchRequest.of(origin.url(page))),
            BackgroundFetchOptions.none().withTitle("a title").withRetryLimit(1));
  }

  private static void refused(Runnable call, String name) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            BgfetchException.class, refused -> assertThat(refused.name()).isEqualTo(name));
  }

  // ---- ids

  static Stream<String> ids() {
    return Stream.of(
        "a/b c?d#e%f",
        "..", ".", "🦊 und \"ähnliche\"", "x".repeat(1024), "é".repeat(1024), "🦊".repeat(1024));
  }

  /** What a client command printed, and how it ended. */
  private record Answer(int status, String out, String err) {}

  private static Answer bgfetch(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    CommandContext context =
        new CommandContext(
            InputStream.nullInputStream(),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            Map.of("BGFETCH_URL", cluster.url().toString()),
            Terminal.none(),
            ZoneOffset.UTC);
    int status = Main.commandLine(context).execute(arguments);
    return new Answer(status, out.toString(UTF_8), err.toString(UTF_8));
  }

  @ParameterizedTest
  @MethodSource("ids")
  void anyIdWorksEverywhere(String id) throws Exception {
    Answer fetched = bgfetch("fetch", id, origin.url("/bytes/10"), "--watch");
    assertThat(fetched.status()).as(fetched.err()).isZero();
    for (String command : List.of("get", "watch", "records", "abort", "release", "delete")) {
      Answer answer = bgfetch(command, id);
      assertThat(answer.status()).as("%s: %s", command, answer.err()).isZero();
    }
    assertThat(bgfetch("get", id).status()).isEqualTo(1);

    BackgroundFetchRegistration again = fetch(id, "/never");
    assertThat(again.id()).isEqualTo(id);
    assertThat(cluster.client().get(id)).get().extracting(r -> r.uid()).isEqualTo(again.uid());
    assertThat(cluster.client().getIds()).contains(id);
    String encoded = URLEncoder.encode(id, UTF_8).replace("+", "%20");
    if (!id.startsWith(".") && encoded.length() < 4000) {
      URI byPath = cluster.url().resolve("/v1/fetches/" + encoded);
      assertThat(get(byPath).body()).contains(again.uid());
    }
    assertThat(again.abort()).isTrue();
  }

  private static HttpResponse<String> get(URI uri) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(uri).timeout(PATIENCE).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  // ---- the life of a registration

  @Test
  void isPausedKeepsItsBytesAndGoesOnWithTheRest() throws Exception {
    int length = 60_000;
    String page = "/drip-with-range";
    Dripping.on(origin, page, Origin.bytes(3, length), 2_000, 100);
    BackgroundFetchRegistration registration = fetch("paused", page);
    await().atMost(PATIENCE).until(() -> registration.refresh().downloaded() > 10_000);

    assertThat(registration.pause().paused()).isTrue();
    await().atMost(PATIENCE).until(() -> origin.open() == 0);
    int requests = origin.requests(page);
    assertThat(registration.record(0).result()).isEmpty();
    assertThat(registration.resume().paused()).isFalse();
    registration.follow(event -> {});

    assertThat(registration.result()).isEqualTo("success");
    assertThat(origin.requests(page)).isEqualTo(requests + 1);
    assertThat(origin.heads())
        .filteredOn(head -> head.uri().equals(page))
        .last()
        .satisfies(head -> assertThat(head.headers().get("range")).startsWith("bytes="));
    try (InputStream body = registration.record(0).body()) {
      assertThat(body.readAllBytes()).isEqualTo(Origin.bytes(3, length));
    }
  }

  /** The origin sends no further chunk before the reader has the one before it. */
  @Test
  void aBodyIsReadWhileItArrives() throws Exception {
    byte[] content = Origin.bytes(9, 12_000);
    HandDripped page = HandDripped.on(origin, "/live", content);
    BackgroundFetchRegistration registration = fetch("live", "/live");
    BackgroundFetchRecord record = registration.record(0);

    page.send(4_000);
    try (InputStream body = record.body()) {
      for (int from = 0; from < content.length; from += 4_000) {
        assertThat(body.readNBytes(4_000))
            .isEqualTo(Arrays.copyOfRange(content, from, from + 4_000));
        if (from + 4_000 < content.length) {
          assertThat(registration.refresh().active()).isTrue();
          page.send(4_000);
        }
      }
      assertThat(body.read()).isEqualTo(-1);
    }
  }

  @Test
  void onlyGetMayBePaused() {
    BackgroundFetchRegistration registration =
        cluster
            .client()
            .fetch(
                "not-all-get",
                List.of(FetchRequest.of(origin.url("/never")).withMethod("POST")),
                BackgroundFetchOptions.none());

    refused(() -> registration.pause(), "InvalidStateError");
    assertThat(registration.abort()).isTrue();
    refused(() -> registration.pause(), "InvalidStateError");
  }

  @Test
  void whatFailedIsRegisteredAgain() {
    BackgroundFetchRegistration first =
        fetch("again", "/bytes/10", "/status/500", "/bytes/20", "/status/404");
    refused(() -> first.retry(null), "InvalidStateError");
    first.follow(event -> {});

    BackgroundFetchRegistration second = first.retry(null);
    second.follow(event -> {});

    assertThat(second.id()).isEqualTo("again");
    assertThat(second.uid()).isNotEqualTo(first.uid());
    assertThat(second.state().title()).isEqualTo("a title");
    assertThat(second.matchAll())
        .extracting(record -> record.request().url())
        .containsExactly(origin.url("/status/500"), origin.url("/status/404"));
  }

  @Test
  void releasedRecordsCannotBeRead() {
    BackgroundFetchRegistration registration = fetch("released", "/bytes/10");
    refused(() -> registration.release(), "InvalidStateError");
    registration.follow(event -> {});

    assertThat(registration.release().recordsAvailable()).isFalse();

    refused(() -> registration.match(origin.url("/bytes/10")), "InvalidStateError");
    refused(() -> assertThat(registration.matchAll()).isEmpty(), "InvalidStateError");
    refused(() -> assertThat(registration.records()).isEmpty(), "InvalidStateError");
    refused(() -> registration.record(0), "InvalidStateError");
  }

  @Test
  void aDeletedOneIsAbortedAndForgotten() {
    BackgroundFetchRegistration registration = fetch("deleted", "/never");
    try (BackgroundFetchEvents events = registration.events()) {
      assertThat(events.next().type()).isEqualTo("progress");
      registration.delete();
      BackgroundFetchEvent last = events.next();
      while (last.registration().active()) {
        last = events.next();
      }
      assertThat(last.type()).isEqualTo("backgroundfetchabort");
    }

    assertThat(cluster.client().find(registration.uid())).isEmpty();
    assertThat(cluster.client().find("deleted")).isEmpty();
    registration.delete();
  }

  @Test
  void titleAndClickReachSubscribers() {
    BackgroundFetchRegistration registration = fetch("clicked", "/never");
    try (BackgroundFetchEvents events = registration.events()) {
      assertThat(events.next().type()).isEqualTo("progress");
      assertThat(registration.updateUI("another title").title()).isEqualTo("another title");
      BackgroundFetchEvent event = events.next();
      while (!event.registration().title().equals("another title")) {
        event = events.next();
      }
      registration.click();
      while (!event.type().equals("backgroundfetchclick")) {
        event = events.next();
      }
      assertThat(event.registration().uid()).isEqualTo(registration.uid());
    }
    assertThat(registration.abort()).isTrue();
  }
}
