package io.bgfetch.worker.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.message.FetchEvent.Broke;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.testkit.Origin;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodedBodiesTest {

  private static final int MIB = 1 << 20;

  @TempDir static Path directory;
  private static Origin origin;
  private static FetchUnderTest worker;

  @BeforeAll
  static void start() {
    origin = Origin.start();
    worker = new FetchUnderTest(directory, Map.of());
  }

  @AfterAll
  static void stop() {
    worker.close();
    origin.close();
  }

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  private static String serving(String path, String contentEncoding, byte[] body) {
    origin.on(
        path,
        request -> {
          request
              .response()
              .putHeader("Content-Encoding", contentEncoding)
              .putHeader("ETag", "\"x\"");
          request.response().end(Buffer.buffer(body));
        });
    return origin.url(path);
  }

  private static Settled settled(String url) {
    return worker.settled(FetchRequest.get(url));
  }

  @Test
  void areDecodedAndCountedDecoded() {
    byte[] plain = Origin.bytes(1, 3 * MIB);
    Settled settled = settled(serving("/gz", "gzip", gzip(plain)));

    assertThat(settled.result()).isEqualTo(FetchResult.SUCCESS);
    assertThat(worker.read(settled.body())).isEqualTo(plain);
    assertThat(settled.downloaded()).isEqualTo(plain.length);
    assertThat(settled.response().headers()).containsEntry("content-encoding", "gzip");
  }

  @Test
  void stayAsTheyAreForAClientThatAskedForCodingsItself() {
    byte[] packed = gzip(Origin.bytes(2, 1000));
    String url = serving("/own", "gzip", packed);
    FetchRequest request =
        FetchUnderTest.request("GET", url, Map.of("accept-encoding", "br;q=1, gzip"), null);

    Settled settled = worker.settled(request);

    assertThat(worker.read(settled.body())).isEqualTo(packed);
    assertThat(origin.heads())
        .anyMatch(
            h ->
                h.uri().equals("/own")
                    && h.headers().get("accept-encoding").equals("br;q=1, gzip"));
  }

  @Test
  void stayAsTheyAreInACodingThatNobodyKnows() {
    Settled settled = settled(serving("/unknown", "rot13", "uryyb".getBytes()));

    assertThat(worker.read(settled.body())).asString().isEqualTo("uryyb");
  }

  @ParameterizedTest
  @CsvSource({"GET, 204", "GET, 304", "HEAD, 200"})
  void areNoneWhereThereIsNoBody(String method, int status) {
    String path = "/bodiless/" + status + method;
    origin.on(
        path,
        request ->
            request.response().setStatusCode(status).putHeader("Content-Encoding", "gzip").end());

    Settled settled =
        worker.settled(FetchUnderTest.request(method, origin.url(path), Map.of(), null));

    assertThat(settled.response().status()).isEqualTo(status);
    assertThat(settled.error()).isNull();
    assertThat(settled.body().size()).isZero();
  }

  @Test
  void thatAreCorruptEndTheRecord() {
    Settled settled = settled(serving("/corrupt", "gzip", "no gzip".getBytes()));

    assertThat(settled.result()).isEqualTo(FetchResult.FETCH_ERROR);
    assertThat(settled.error()).isEqualTo("protocol error: the body is not gzip");
  }

  @Test
  void thatBreakOffAreFetchedAgainFromTheStart() {
    byte[] packed = gzip(Origin.bytes(3, MIB));
    origin.on(
        "/cut",
        request -> {
          request.response().putHeader("Content-Encoding", "gzip");
          request.response().putHeader("Content-Length", "" + packed.length);
          request
              .response()
              .write(Buffer.buffer(Arrays.copyOf(packed, packed.length / 2)))
              .onSuccess(sent -> request.connection().close());
        });

    Broke broke = worker.broke(FetchRequest.get(origin.url("/cut")));

    assertThat(broke.kept()).isNull();
  }

  @Test
  void thatUnpackToMoreThanTheyMayEndTheRecord() {
    Settled settled = settled(serving("/bomb", "gzip", gzip(new byte[80 * MIB])));

    assertThat(settled.result()).isEqualTo(FetchResult.FETCH_ERROR);
    assertThat(settled.error()).isEqualTo("the body unpacks to more than 100 times its coded size");
    assertThat(settled.body()).isNull();
  }
}
