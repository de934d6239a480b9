package io.bgfetch.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.client.BackgroundFetchManager;
import io.bgfetch.client.BackgroundFetchOptions;
import io.bgfetch.client.BackgroundFetchRecord;
import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.FetchRequest;
import io.bgfetch.testkit.Origin;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway and a worker with 256 MiB each: neither long lists nor large bodies need more. */
@WithBackends
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SmallHeapsIT {
  private static final String HEAP = "-Xmx256m";
  private static final int LINES = 100_000;
  private static final long GIB = 1L << 30;
  private static final int SEED = 42;

  private static Origin origin;
  private static Fleet fleet;
  private static BgfetchProcess gateway;
  private static BgfetchProcess worker;
  private static BackgroundFetchManager manager;

  @BeforeAll
  static void start(TestBackends backends, @TempDir Path directory) {
    origin = Origin.start();
    fleet = new Fleet(backends, directory);
    gateway = fleet.gateway(HEAP);
    manager = BackgroundFetchManager.of(URI.create(gateway.awaitUrl()));
    worker = fleet.worker(HEAP);
    worker.awaitUrl();
  }

  @AfterAll
  static void stop() throws InterruptedException {
    fleet.close();
    origin.close();
  }

  @Test
  void registerAHundredThousandRequests() {
    BackgroundFetchRegistration registration =
        manager.fetch(
            "long-list",
            IntStream.range(0, LINES)
                .mapToObj(i -> FetchRequest.of(origin.url("/never?number=" + i))),
            BackgroundFetchOptions.none());

    assertThat(registration.state().records().total()).isEqualTo(LINES);
    assertThat(registration.record(LINES - 1).request().url()).endsWith("=" + (LINES - 1));
    assertThat(registration.abort()).isTrue();
    registration.follow(event -> {});
    assertThat(registration.state().records().failed()).isEqualTo(LINES);
    assertThat(gateway.isAlive()).isTrue();
  }

  @Test
  void carryABodyOfAGibibyte() throws Exception {
    BackgroundFetchRegistration registration =
        manager.fetch(
            "large-body",
            List.of(FetchRequest.of(origin.url("/bytes/" + GIB + "?seed=" + SEED))),
            BackgroundFetchOptions.none());
    registration.follow(event -> {});
    BackgroundFetchRecord record = registration.record(0);

    assertThat(record.result()).isEqualTo("success");
    assertThat(registration.downloaded()).isEqualTo(GIB);
    assertThat(sha256(record)).isEqualTo(Origin.sha256(SEED, GIB));
    assertThat(worker.isAlive() && gateway.isAlive()).isTrue();
  }

  private static String sha256(BackgroundFetchRecord record) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (InputStream body = new DigestInputStream(record.body(), digest)) {
      body.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
