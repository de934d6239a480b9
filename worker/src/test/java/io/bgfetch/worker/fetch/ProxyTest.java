package io.bgfetch.worker.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.message.FetchEvent.Broke;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.testkit.ConnectProxy;
import io.bgfetch.testkit.Origin;
import io.bgfetch.testkit.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyTest {

  private static final int MIB = 1 << 20;

  @TempDir Path directory;
  private Origin origin;
  private ConnectProxy proxy;
  private FetchUnderTest worker;

  @BeforeEach
  void start() {
    origin = Origin.start();
    proxy = new ConnectProxy();
  }

  @AfterEach
  void stop() {
    if (worker != null) {
      worker.close();
    }
    proxy.close();
    origin.close();
  }

  private void workerBehind(String proxyUrl, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("BGFETCH_EGRESS_PROXY", proxyUrl);
    worker = new FetchUnderTest(directory.resolve("blobs"), settings);
  }

  private void workerBehindTheProxy() {
    workerBehind("http://127.0.0.1:" + proxy.port(), Map.of());
  }

  private String named(String path) {
    return "http://origin.test:" + origin.port() + path;
  }

  private String firstLine() {
    return proxy.asked().getFirst().lines().findFirst().orElseThrow();
  }

  @Test
  void isAskedForTheJudgedAddressNotForTheName() {
    workerBehindTheProxy();

    Settled settled = worker.settled(FetchRequest.get(named("/bytes/" + 3 * MIB + "?seed=1")));

    assertThat(worker.read(settled.body())).isEqualTo(Origin.bytes(1, 3 * MIB));
    assertThat(firstLine()).isEqualTo("CONNECT 127.0.0.1:" + origin.port() + " HTTP/1.1");
    assertThat(proxy.asked().getFirst()).doesNotContain("origin.test", "uthorization");
    assertThat(origin.heads().getFirst().uri()).startsWith("/bytes/");
    assertThat(origin.heads().getFirst().headers().get("host"))
        .isEqualTo("origin.test:" + origin.port());
  }

  @Test
  void carriesTlsUnopened() {
    TestAuthority authority = TestAuthority.shared();
    workerBehind("http://127.0.0.1:" + proxy.port(), Map.of("BGFETCH_EGRESS_CA", authority.pem()));
    try (SecureOrigin secure = SecureOrigin.http2(authority.key("origin"))) {
      assertThat(worker.settled(FetchRequest.get(secure.url("origin.test"))).result())
          .isEqualTo(FetchResult.SUCCESS);
      assertThat(worker.settled(FetchRequest.get(secure.url("other.test"))).error())
          .startsWith("certificate: ");

      assertThat(firstLine()).isEqualTo("CONNECT 127.0.0.1:" + secure.port() + " HTTP/1.1");
      assertThat(secure.seen()).hasSize(1);
      assertThat(secure.seen().getFirst().serverName()).isEqualTo("origin.test");
    }
  }

  @Test
  void carriesWhatIsNotSafeToo() {
    workerBehindTheProxy();
    byte[] body = Origin.bytes(4, 2 * MIB);
    origin.on("/take", request -> request.body().onSuccess(all -> request.response().end("ok")));
    FetchRequest post =
        FetchUnderTest.request("POST", named("/take"), Map.of(), worker.stored(body));

    Settled settled = worker.settled(post);

    assertThat(settled.result()).isEqualTo(FetchResult.SUCCESS);
    assertThat(settled.uploaded()).isEqualTo(body.length);
    assertThat(proxy.asked()).hasSize(1);
  }

  @Test
  void getsItsCredentialsAndNobodyElseDoes() {
    workerBehind("http://user:pl4nt3d%40@127.0.0.1:" + proxy.port(), Map.of());

    worker.settled(FetchRequest.get(named("/bytes/1")));

    String basic = Base64.getEncoder().encodeToString("user:pl4nt3d@".getBytes());
    assertThat(proxy.asked().getFirst())
        .containsIgnoringCase("Proxy-Authorization: Basic " + basic);
    assertThat(origin.heads().getFirst().headers().contains("proxy-authorization")).isFalse();
  }

  @Test
  void isNotAskedForAnAddressThatIsRefused() {
    workerBehindTheProxy();

    Settled settled = worker.settled(FetchRequest.get("http://127.0.0.2:" + origin.port() + "/"));

    assertThat(settled.error()).contains("127.0.0.0/8");
    assertThat(proxy.asked()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "403 Forbidden, the proxy refused the connection (status 403)",
    "407 Proxy Authentication Required, the proxy wants other credentials (status 407)",
  })
  void thatRefusesEndsTheRecord(String status, String error) {
    workerBehindTheProxy();
    proxy.refuseWith(status);

    Settled settled = worker.settled(FetchRequest.get(named("/bytes/1")));

    assertThat(settled.result()).isEqualTo(FetchResult.FETCH_ERROR);
    assertThat(settled.error()).isEqualTo(error);
    assertThat(origin.requests()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"502 Bad Gateway, 502", "503 Service Unavailable, 503", "429 Too Many, 429"})
  void thatHasTroubleOfItsOwnMayPass(String status, int code) {
    workerBehindTheProxy();
    proxy.refuseWith(status);

    Broke broke = worker.broke(FetchRequest.get(named("/bytes/1")));

    assertThat(broke.error()).isEqualTo("the proxy refused the connection (status " + code + ")");
  }

  @Test
  void thatIsNotThereMayPassEvenForWhatIsNotSafe() {
    int port = proxy.port();
    proxy.close();
    workerBehind("http://127.0.0.1:" + port, Map.of());
    FetchRequest post =
        FetchUnderTest.request(
            "POST", named("/echo"), Map.of(), new StoredBody.Inline("x".getBytes()));

    assertThat(worker.broke(FetchRequest.get(named("/"))).error())
        .isEqualTo("the proxy cannot be reached");
    assertThat(worker.broke(post).error()).isEqualTo("the proxy cannot be reached");
  }

  @Test
  void thatSpeaksNoHttpMayPass() {
    workerBehindTheProxy();
    proxy.refuseWith("nonsense");

    assertThat(worker.broke(FetchRequest.get(named("/"))).error())
        .isEqualTo("the proxy did not answer");
  }

  @Test
  void cutsTheBodyWhenTheOriginDoes() {
    workerBehindTheProxy();

    assertThat(worker.fetch(FetchRequest.get(named("/cut/100000/50000"))))
        .isInstanceOf(Broke.class);
  }

  @Test
  void doesNotMakeABodyLookWholeThatTheOriginBrokeOff() throws Exception {
    workerBehindTheProxy();
    try (ServerSocket rude = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
      Thread answering = Thread.ofVirtual().start(() -> breakOff(rude));

      assertThat(worker.fetch(FetchRequest.get("http://origin.test:" + rude.getLocalPort() + "/")))
          .isInstanceOf(Broke.class);
      answering.join();
    }
  }

  /** A body that only the end of the connection would end, and a reset instead. */
  private void breakOff(ServerSocket rude) {
    try (Socket socket = rude.accept()) {
      socket.getInputStream().read(new byte[4096]);
      socket.getOutputStream().write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".getBytes());
      socket.getOutputStream().write(new byte[30_000]);
      await().atMost(Duration.ofSeconds(20)).until(() -> worker.told(), t -> !t.isEmpty());
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
