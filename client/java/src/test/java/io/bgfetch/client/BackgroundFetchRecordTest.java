package io.bgfetch.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BackgroundFetchRecordTest {
  private final FakeGateway gateway = new FakeGateway();
  private final FakeFetch fetch =
      gateway.add("my-fetch", "http://h/a", "http://h/refused", "http://h/cut");
  private final BackgroundFetchRegistration registration =
      BackgroundFetchManager.builder(gateway.address())
          .bodyIdleTimeout(Duration.ofMillis(200))
          .build()
          .find("my-fetch")
          .orElseThrow();

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

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
