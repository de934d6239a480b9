package io.bgfetch.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.client.BackgroundFetchManager;
import io.bgfetch.client.BackgroundFetchOptions;
import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.FetchRequest;
import io.bgfetch.testkit.Origin;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two gateways and three workers, each a process with a small heap. */
@WithBackends
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class) // the second test leaves a gateway dead
class ManyProcessesIT {
  private static final int RECORDS = 10_000;
  private static final int INTERRUPTED_RECORDS = 3_000;

  /** With the optimizing compiler their first minute costs twice as much. */
  private static final String[] JVM = {"-Xmx192m", "-XX:TieredStopAtLevel=1"};

  private static final Duration END = Duration.ofMinutes(3);
  private static final Pattern SUCCEEDED =
      Pattern.compile("^bgfetch_worker_fetches_total\\{.*result=\"success\".*} (\\S+)$");

  private static Origin origin;
  private static Fleet fleet;
  private static BgfetchProcess doomed;
  private static BackgroundFetchManager throughDoomed;
  private static BackgroundFetchManager throughSurvivor;
  private static List<BgfetchProcess> workers;

  @BeforeAll
  static void start(TestBackends backends, @TempDir Path directory) {
    origin = Origin.start();
    fleet = new Fleet(backends, directory);
    doomed = fleet.gateway(JVM);
    throughDoomed = BackgroundFetchManager.of(URI.create(doomed.awaitUrl()));
    BgfetchProcess survivor = fleet.gateway(JVM);
    workers = Stream.generate(() -> fleet.worker(JVM)).limit(3).toList();
    throughSurvivor = BackgroundFetchManager.of(URI.create(survivor.awaitUrl()));
    workers.forEach(BgfetchProcess::awaitUrl);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    fleet.close();
    origin.close();
  }

  private static int size(long index) {
    return (int) index % 2048;
  }

  private static Stream<FetchRequest> requests(int count, String page) {
    return IntStream.range(0, count)
        .mapToObj(i -> origin.url(page + "/bytes/" + size(i) + "?seed=" + i))
        .map(FetchRequest::of);
  }

  @Test
  @Order(1)
  void shareTheWork() throws Exception {
    BackgroundFetchRegistration registration =
        throughDoomed.fetch("shared", requests(RECORDS, ""), BackgroundFetchOptions.none());
    registration.follow(event -> {});

    Expected.exactCounters(registration, RECORDS, 0);
    Expected.identicalBodies(
        throughSurvivor.find("shared").orElseThrow().records().stream().toList(),
        ManyProcessesIT::size);
    for (BgfetchProcess worker : workers) {
      assertThat(succeededFetches(worker)).isGreaterThanOrEqualTo(RECORDS / 5);
    }
  }

  private static int succeededFetches(BgfetchProcess worker) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(worker.awaitUrl() + "/metrics")).build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.ofLines())
        .body()
        .map(SUCCEEDED::matcher)
        .filter(Matcher::matches)
        .mapToInt(match -> (int) Double.parseDouble(match.group(1)))
        .sum();
  }

  @Test
  @Order(2)
  void goOnWhenAGatewayIsKilledAndAnotherComes() throws Exception {
    String uid =
        throughDoomed
            .fetch(
                "killed", requests(INTERRUPTED_RECORDS, "/slow/20"), BackgroundFetchOptions.none())
            .uid();
    BackgroundFetchRegistration registration = throughSurvivor.find(uid).orElseThrow();
    awaitSettled(registration, INTERRUPTED_RECORDS / 5);

    doomed.kill();
    assertThat(registration.refresh().active()).isTrue();
    BgfetchProcess replacement = fleet.gateway(JVM);
    BackgroundFetchRegistration throughReplacement =
        BackgroundFetchManager.of(URI.create(replacement.awaitUrl())).find(uid).orElseThrow();

    awaitSettled(throughReplacement, INTERRUPTED_RECORDS);
    Expected.exactCounters(throughReplacement, INTERRUPTED_RECORDS, 0);
    Expected.identicalBodies(throughReplacement.records().stream().toList(), ManyProcessesIT::size);
    assertThat(throughReplacement.result()).isEqualTo("success");
  }

  private static void awaitSettled(BackgroundFetchRegistration registration, int records) {
    await(records + " records to be settled")
        .atMost(END)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> registration.refresh().records().settled() >= records);
  }
}
