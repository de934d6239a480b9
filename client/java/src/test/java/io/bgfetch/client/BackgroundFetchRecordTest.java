package io.bgfetch.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BackgroundFetchRecordTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final FakeGateway gateway = new FakeGateway();
  private final FakeFetch fetch =
      gateway.add("my-fetch", "http://h/a", "http://h/refused", "http://h/cut");
  private final BackgroundFetchManager manager =
      BackgroundFetchManager.builder(gateway.address())
          .bodyIdleTimeout(Duration.ofMillis(200))
          .build();
  private final BackgroundFetchRegistration registration = manager.find("my-fetch").orElseThrow();

  @TempDir Path directory;

  @BeforeEach
  void perform() {
    fetch.performAll();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void givesItsBody() throws Exception {
    try (InputStream body = registration.record(0).body()) {
      assertThat(body).hasContent("body of http://h/a");
    }
    assertThat(gateway.headers).last().extracting("Prefer").asString().isEqualTo("[wait=60]");
  }

  @Test
  void givesWhatIsThereWhileTheRestArrives() throws Exception {
    CountDownLatch half = new CountDownLatch(1);
    gateway.answer(
        "GET /v1/fetches/" + fetch.uid() + "/records/0/body",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write("first".getBytes());
          exchange.getResponseBody().flush();
          await(half);
          exchange.getResponseBody().write("second".getBytes());
          exchange.close();
        });
    var patient = BackgroundFetchManager.of(gateway.address()).find(fetch.uid()).orElseThrow();

    try (InputStream body = patient.record(0).body()) {
      assertThat(new String(body.readNBytes(5))).isEqualTo("first");
      half.countDown();
      assertThat(body).hasContent("second");
    }
  }

  @Test
  void neverEndsACutBodyCleanly() throws Exception {
    try (InputStream body = registration.record(2).body()) {
      assertThat(new String(body.readNBytes(7))).isEqualTo("body of");
      assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
      assertThatThrownBy(body::read).isInstanceOf(IOException.class);
    }
  }

  @Test
  void givesUpABodyThatStandsStill() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    gateway.answer(
        "GET /v1/fetches/" + fetch.uid() + "/records/0/body",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('b');
          exchange.getResponseBody().flush();
          await(release);
        });

    try (InputStream body = registration.record(0).body()) {
      assertThat(body.read()).isEqualTo('b');
      assertThatThrownBy(body::read).hasMessageContaining("nothing arrived");
    }
    release.countDown();
  }

  @Test
  void saysWhyThereIsNoBody() {
    BackgroundFetchRecord record = registration.record(1);

    assertThat(record.response()).isNull();
    assertThat(record.error()).isEqualTo("connection refused");
    assertThatThrownBy(record::body)
        .isInstanceOfSatisfying(
            BgfetchException.class, e -> assertThat(e.name()).isEqualTo("TypeError"))
        .hasMessage("the record cannot be read");
  }

  @Test
  void savesItsBody() throws Exception {
    Path file = directory.resolve("a");
    Files.writeString(file, "what was there before");

    long size = registration.record(0).saveTo(file);

    assertThat(file).hasContent("body of http://h/a").hasSize(size);
    assertThat(directory).isDirectoryNotContaining("glob:**.temp");
  }

  @Test
  void leavesNothingOfABodyThatWasCut() {
    assertThatThrownBy(() -> registration.record(2).saveTo(directory.resolve("cut")))
        .isInstanceOf(IOException.class);

    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void isReadyWhenItsHeadIsKnown() {
    assertThat(registration.record(0).responseReady())
        .succeedsWithin(PATIENCE)
        .extracting(RecordResponse::status)
        .isEqualTo(200);
  }

  @Test
  void isReadyOnceItsHeadIsKnownAndAsksUntilThen() {
    FakeFetch late = gateway.add("late", "http://h/a");
    BackgroundFetchRecord record = manager.find("late").orElseThrow().record(0);
    String path = "GET /v1/fetches/" + late.uid() + "/records/0";
    gateway.answerFirst(1, path, FakeGateway::drop);
    gateway.answer(
        path,
        exchange -> {
          if (gateway.calls.size() % 2 == 0) {
            late.performAll();
          }
          FakeGateway.send(exchange, 200, "application/json", late.records.get(0).toString());
        });

    assertThat(record.responseReady()).succeedsWithin(PATIENCE);
    assertThat(gateway.headers).last().extracting("Prefer").asString().isEqualTo("[wait=30]");
  }

  @Test
  void isNeverReadyWhereThereIsNoResponse() {
    assertThat(registration.record(1).responseReady())
        .failsWithin(PATIENCE)
        .withThrowableThat()
        .havingCause()
        .isInstanceOfSatisfying(
            BgfetchException.class, e -> assertThat(e.name()).isEqualTo("TypeError"))
        .withMessage("fetch-error: connection refused");
    FakeFetch aborted = gateway.add("aborted", "http://h/a");
    aborted.records.get(0).put("result", "aborted");

    assertThat(manager.find("aborted").orElseThrow().record(0).responseReady())
        .failsWithin(PATIENCE)
        .withThrowableThat()
        .havingCause()
        .isInstanceOfSatisfying(
            BgfetchException.class, e -> assertThat(e.name()).isEqualTo("AbortError"));
  }

  @Nested
  class Saving {
    private final String path = "GET /v1/fetches/" + fetch.uid() + "/records/0/body";
    private final byte[] whole = "0123456789".repeat(1000).getBytes();
    private Path file;

    @BeforeEach
    void choose() {
      file = directory.resolve("saved");
    }

    @Test
    void goesOnWhereACompleteBodyBrokeOff() throws Exception {
      gateway.answer(path, exchange -> sendBody(exchange, 4000));

      long size = registration.record(0).saveTo(file);

      assertThat(size).isEqualTo(whole.length);
      assertThat(file).hasBinaryContent(whole);
      assertThat(gateway.headers.stream().map(h -> h.get("Range")).filter(Objects::nonNull))
          .containsExactly(List.of("bytes=4000-"), List.of("bytes=8000-"));
      assertThat(gateway.headers).last().extracting("If-range").asString().isEqualTo("[\"e\"]");
    }

    @Test
    void beginsAgainWhereABodyThatStillArrivedBrokeOff() throws Exception {
      gateway.answerFirst(
          1,
          path,
          exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("something else".getBytes());
            exchange.getResponseBody().flush();
            throw new IOException("cut");
          });

      registration.record(0).saveTo(file);

      assertThat(file).hasContent("body of http://h/a");
    }

    @Test
    void touchesNoOtherFile() throws Exception {
      Path own = Files.writeString(directory.resolve("saved.temp"), "somebody's own");

      registration.record(0).saveTo(file);

      assertThat(own).hasContent("somebody's own");
      assertThat(file).hasContent("body of http://h/a");
    }

    @Test
    void mixesNoBodiesThatAreSavedToOnePlace() throws Exception {
      CountDownLatch half = new CountDownLatch(1);
      gateway.answerFirst(
          1,
          path,
          exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("body of ".getBytes(UTF_8));
            exchange.getResponseBody().flush();
            await(half);
            exchange.getResponseBody().write("the slow one".getBytes(UTF_8));
            exchange.close();
          });
      var patient = BackgroundFetchManager.of(gateway.address()).find(fetch.uid()).orElseThrow();
      CompletableFuture<Long> slow =
          CompletableFuture.supplyAsync(
              () -> save(patient.record(0), file), ClientThreads.create());
      Awaitility.await().atMost(PATIENCE).until(this::hasUnfinishedFile);

      assertThat(save(patient.record(0), file)).isEqualTo("body of http://h/a".length());
      assertThat(file).hasContent("body of http://h/a");
      half.countDown();

      assertThat(slow).succeedsWithin(PATIENCE).isEqualTo(20L);
      assertThat(directory.toFile().list()).containsExactly("saved");
      assertThat(file).hasContent("body of the slow one");
    }

    private boolean hasUnfinishedFile() throws IOException {
      try (Stream<Path> files = Files.list(directory)) {
        return files.anyMatch(found -> found.toString().endsWith(".temp"));
      }
    }

    private static long save(BackgroundFetchRecord record, Path file) {
      try {
        return record.saveTo(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Test
    void refusesABodyOfAnotherDigest() {
      gateway.answer(
          path,
          exchange -> {
            exchange.getResponseHeaders().set("Repr-Digest", digest(whole));
            FakeGateway.send(exchange, 200, "text/plain", "something else");
          });

      assertThatThrownBy(() -> registration.record(0).saveTo(file))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("the body that came is another one");
      assertThat(directory).isEmptyDirectory();
      assertThatThrownBy(() -> registration.record(0).body().readAllBytes())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("the body that came is another one");
    }

    @Test
    void comparesABodyThatStillArrivedWithTheDigestOfItsRecord() {
      ((ObjectNode) fetch.records.get(0).path("response")).put("digest", digest(whole));

      assertThatThrownBy(() -> registration.record(0).saveTo(file))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("the body that came is another one");
    }

    private void sendBody(HttpExchange exchange, int most) throws IOException {
      String range = exchange.getRequestHeaders().getFirst("Range");
      int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
      exchange.getResponseHeaders().set("ETag", "\"e\"");
      exchange.getResponseHeaders().set("Repr-Digest", digest(whole));
      exchange.sendResponseHeaders(range == null ? 200 : 206, whole.length - from);
      int part = Math.min(most, whole.length - from);
      exchange.getResponseBody().write(whole, from, part);
      exchange.getResponseBody().flush();
      if (from + part < whole.length) {
        throw new IOException("cut");
      }
      exchange.close();
    }

    private static String digest(byte[] bytes) {
      byte[] sha256 = ContentDigest.sha256().digest(bytes);
      return "sha-256=:" + Base64.getEncoder().encodeToString(sha256) + ":";
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
