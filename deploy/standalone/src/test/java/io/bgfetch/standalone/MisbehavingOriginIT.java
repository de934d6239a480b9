package io.bgfetch.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.client.BackgroundFetchOptions;
import io.bgfetch.client.BackgroundFetchRecord;
import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.FetchRequest;
import io.bgfetch.testkit.Origin;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of records whose origin misbehaves, from the registration to the body. */
@WithBackends
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class MisbehavingOriginIT {
  private static final byte[] BODY = Origin.bytes(5, 200_000);
  private static final int CUT_AT = 80_000;

  private static TestCluster cluster;
  private static Origin origin;

  @BeforeAll
  static void start(TestBackends backends, @TempDir Path directory) throws Exception {
    origin = Origin.start();
    cluster = TestCluster.start(backends, directory, Map.of("BGFETCH_TIMEOUT_IDLE", "1s"));
  }

  @AfterAll
  static void stop() {
    cluster.close();
    origin.close();
  }

  /** One record of its own registration, ended. */
  private static BackgroundFetchRecord record(String url) {
    return record(url, BackgroundFetchOptions.none().withRetryLimit(2));
  }

  private static BackgroundFetchRecord record(String url, BackgroundFetchOptions options) {
    BackgroundFetchRegistration registration =
        cluster.client().fetch(url, List.of(FetchRequest.of(url)), options);
    registration.follow(event -> {});
    Expected.exactCounters(
        registration,
        registration.result().equals("success") ? 1 : 0,
        registration.result().equals("success") ? 0 : 1);
    return registration.record(0);
  }

  private static void fails(BackgroundFetchRecord record, String error) {
    assertThat(record.result()).isEqualTo("fetch-error");
    assertThat(record.error()).contains(error);
  }

  private static byte[] body(BackgroundFetchRecord record) {
    try (InputStream body = record.body()) {
      return body.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends the whole body cut, and to a request for the rest what {@code rest} sends. */
  private static String cutBody(String path, Rest rest) {
    var unused =
        origin.on(
            path,
            request -> {
              HttpServerResponse response = request.response();
              if (request.getHeader("range") == null) {
                response.putHeader("etag", "\"one\"").putHeader("content-length", "" + BODY.length);
                response
                    .write(Buffer.buffer(Arrays.copyOf(BODY, CUT_AT)))
                    .onSuccess(sent -> request.connection().close());
              } else {
                rest.send(request, response);
              }
            });
    return origin.url(path);
  }

  private interface Rest {
    void send(HttpServerRequest request, HttpServerResponse response);
  }

  private static void partial(HttpServerRequest request, String etag, long shift, long complete) {
    int from = Integer.parseInt(request.getHeader("range").replaceAll("bytes=(\\d+)-", "$1"));
    request
        .response()
        .setStatusCode(206)
        .putHeader("etag", etag)
        .putHeader(
            "content-range", "bytes %d-%d/%d".formatted(from + shift, BODY.length - 1, complete))
        .end(Buffer.buffer(Arrays.copyOfRange(BODY, (int) (from + shift), BODY.length)));
  }

  @Test
  void aBodyThatIsCutGoesOnWhereItBroke() {
    String url =
        cutBody("/cut", (request, response) -> partial(request, "\"one\"", 0, BODY.length));

    BackgroundFetchRecord record = record(url);

    assertThat(record.result()).isEqualTo("success");
    assertThat(record.attempts()).isEqualTo(2);
    assertThat(record.downloaded()).isEqualTo(BODY.length);
    assertThat(record.response().status()).isEqualTo(200);
    assertThat(body(record)).isEqualTo(BODY);
    assertThat(origin.heads())
        .filteredOn(head -> head.uri().equals("/cut"))
        .last()
        .satisfies(
            head -> {
              assertThat(head.headers().get("range")).isEqualTo("bytes=" + CUT_AT + "-");
              assertThat(head.headers().get("accept-encoding")).isEqualTo("identity");
            });
  }

  @Test
  void aBodyThatChangedMeanwhileIsNotPutTogether() {
    fails(
        record(cutBody("/changed", (request, ok) -> partial(request, "\"two\"", 0, BODY.length))),
        "invalid 206: with another etag");
  }

  @Test
  void aLyingContentRangeIsNotBelieved() {
    fails(
        record(cutBody("/shifted", (r, ok) -> partial(r, "\"one\"", 1, BODY.length))),
        "invalid 206: from byte 80001 instead of 80000");
    fails(
        record(cutBody("/longer", (r, ok) -> partial(r, "\"one\"", 0, BODY.length + 1L))),
        "invalid 206: of 200001 bytes instead of 200000");
  }

  @Test
  void aPartOfNothingIsAnError() {
    String url = origin.url("/part");
    var unused =
        origin.on(
            "/part",
            request ->
                request
                    .response()
                    .setStatusCode(206)
                    .putHeader("content-range", "bytes 5-9/10")
                    .end("56789"));

    fails(record(url), "invalid 206: from byte 5 to a request for the whole");
  }

  @Test
  void anEndlessBodyEndsWithTheDeclaredTotal() {
    var unused = origin.on("/endless", request -> pour(request.response().setChunked(true)));

    BackgroundFetchRegistration registration =
        cluster
            .client()
            .fetch(
                "endless",
                List.of(FetchRequest.of(origin.url("/endless"))),
                BackgroundFetchOptions.none().withDownloadTotal(1 << 20));
    registration.follow(event -> {});

    assertThat(registration.failureReason()).isEqualTo("download-total-exceeded");
    assertThat(registration.record(0).result()).isEqualTo("download-total-exceeded");
  }

  private static void pour(HttpServerResponse response) {
    var unused =
        response
            .write(Buffer.buffer(new byte[64 << 10]))
            .onSuccess(
                sent -> {
                  if (response.writeQueueFull()) {
                    response.drainHandler(drained -> pour(response));
                  } else {
                    pour(response);
                  }
                });
  }

  @Test
  void aBodyThatStallsIsGivenUp() {
    var unused =
        origin.on(
            "/stalls",
            request -> {
              request.response().putHeader("content-length", "100");
              request.response().write("a");
            });

    fails(
        record(origin.url("/stalls"), BackgroundFetchOptions.none().withRetryLimit(1)),
        "the body stalled for 1 s");
  }

  @Test
  void aSlowDripIsWaitedFor() {
    BackgroundFetchRecord record = record(origin.url("/drip/20?chunk=4&every=300&seed=5"));

    assertThat(record.result()).isEqualTo("success");
    assertThat(body(record)).isEqualTo(Arrays.copyOf(BODY, 20));
  }

  @Test
  void aRedirectLoopEndsAfterTwentyHops() {
    var unused =
        origin.on(
            "/loop",
            request -> request.response().setStatusCode(302).putHeader("location", "/loop").end());

    fails(record(origin.url("/loop")), "more than 20 redirects");
    assertThat(origin.requests("/loop")).isEqualTo(21);
  }

  @Test
  void aBombIsNotUnpacked() {
    byte[] bomb = gzip(80 << 20);
    var unused =
        origin.on(
            "/bomb",
            request ->
                request.response().putHeader("content-encoding", "gzip").end(Buffer.buffer(bomb)));

    fails(record(origin.url("/bomb")), "unpack");
    assertThat(origin.requests("/bomb")).isEqualTo(1);
  }

  @Test
  void aCodedBodyIsStoredDecoded() {
    byte[] coded = gzip(100_000);
    var unused =
        origin.on(
            "/coded",
            request ->
                request.response().putHeader("content-encoding", "gzip").end(Buffer.buffer(coded)));

    BackgroundFetchRecord record = record(origin.url("/coded"));

    assertThat(record.downloaded()).isEqualTo(100_000);
    assertThat(body(record)).isEqualTo(new byte[100_000]);
  }

  private static byte[] gzip(int zeros) {
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(coded)) {
      byte[] block = new byte[100_000];
      for (int sent = 0; sent < zeros; sent += block.length) {
        out.write(block, 0, Math.min(block.length, zeros - sent));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return coded.toByteArray();
  }

  @Test
  void garbageInsteadOfAnAnswerIsAnError() throws Exception {
    try (ServerSocket garbage = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread server = Thread.ofVirtual().start(() -> talkNonsense(garbage));

      fails(record("http://127.0.0.1:" + garbage.getLocalPort() + "/"), "protocol error");

      garbage.close();
      server.join();
    }
  }

  private static void talkNonsense(ServerSocket listening) {
    while (!listening.isClosed()) {
      try (Socket socket = listening.accept()) {
        var unused = socket.getInputStream().read(new byte[4096]);
        socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\0gar bage\r\n\r\n".getBytes(UTF_8));
      } catch (IOException closed) {
        // the next one, or the end
      }
    }
  }

  @Test
  void aResetIsTriedAgainAndThenGivenUp() {
    fails(record(origin.url("/reset")), "connection");
    assertThat(origin.requests("/reset")).isGreaterThanOrEqualTo(2);

    assertThat(record(origin.url("/flaky/1?key=model")).result()).isEqualTo("success");
  }
}
