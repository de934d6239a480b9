package io.bgfetch.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.client.BackgroundFetchEvent;
import io.bgfetch.client.BackgroundFetchManager;
import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.FetchRequest;
import io.bgfetch.client.RegistrationState;
import io.bgfetch.testkit.Origin;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Gateways, workers, Kafka and Postgres as processes that are told to end, killed, and halted until
 * they are given up, under a load of thousands of records: nothing that was registered is lost.
 *
 * <p>The faults and their moments come from a seed, which is printed; {@code -Dfaults.seed=…} makes
 * them the same again. With the profile {@code long} they go on for {@code -Dfaults.minutes=…}.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class) // the last one does not leave much in order
class RealFaultsIT {
  private static final String SEED = "faults.seed";
  private static final String MINUTES = "faults.minutes";
  private static final int LONG_MINUTES = 5;
  private static final int FAULTS_OF_A_ROUND = 14;
  private static final Pattern SUCCEEDED =
      Pattern.compile("^bgfetch_worker_fetches_total\\{.*result=\"success\".*} (\\S+)$");

  private static final int FOLLOWED_RECORDS = 1_000;
  private static final int BODY = 2_000;

  private static Origin origin;
  private static LoadPages pages;
  private static ProcessCluster cluster;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    origin = Origin.start();
    pages = LoadPages.on(origin);
    cluster = new ProcessCluster(directory);
  }

  @AfterAll
  static void stop() throws Exception {
    try {
      if (cluster != null) {
        cluster.close();
      }
    } finally {
      origin.close();
    }
  }

  private static long seed() {
    return Long.getLong(SEED, new Random().nextLong(1_000_000));
  }

  @Test
  @Order(1)
  void shareTheWork() throws Exception {
    Load load = new Load(origin, pages, cluster::client, new Random(), "shared");
    try (load) {
      load.quick(1_200);
    }

    new Audit(cluster, pages).check(load);
    for (BgfetchProcess worker : cluster.workers().members()) {
      assertThat(succeededFetches(worker)).isPositive();
    }
  }

  private static List<FetchRequest> followed() {
    return IntStream.range(0, FOLLOWED_RECORDS)
        .mapToObj(i -> FetchRequest.of(origin.url("/slow/200/bytes/" + BODY + "?seed=" + i)))
        .toList();
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
  void areFollowedOnAtTheOtherWhenTheGatewayOfAFollowerDies(@TempDir Path directory)
      throws Exception {
    List<BackgroundFetchEvent> events = new CopyOnWriteArrayList<>();
    BgfetchProcess doomed = cluster.gateways().members().getFirst();
    try (BackgroundFetchManager manager = cluster.clientOfAll()) {
      BackgroundFetchRegistration registration = manager.fetch("followed", followed());
      CompletableFuture<RegistrationState> end = registration.followAsync(events::add);
      await().until(() -> registration.state().records().settled() > 0);

      doomed.kill();

      assertThat(end).succeedsWithin(BgfetchProcess.PATIENCE).isEqualTo(registration.refresh());
      Expected.exactCounters(registration, FOLLOWED_RECORDS, 0);
      Path file = directory.resolve("saved");
      registration.record(7).saveTo(file);
      assertThat(file).hasBinaryContent(Origin.bytes(7, BODY));
    } finally {
      var unused = cluster.gateways().replace(doomed);
      cluster.awaitReady();
    }
    assertThat(events).extracting(event -> event.registration().version()).doesNotHaveDuplicates();
    assertThat(events.stream().filter(BackgroundFetchEvent::isEnd)).hasSize(1);
    assertThat(events.getLast().type()).isEqualTo("backgroundfetchsuccess");
  }

  @Test
  @Order(2)
  @Tag("long")
  void areReplacedOneAfterTheOtherAndFetchHardlyAnythingAgain() throws Exception {
    replaceAll("rolling", 1);
  }

  @Test
  @Order(3)
  void loseNothingWhateverDies() throws Exception {
    long seed = seed();
    var unused = strike(seed, FaultSchedule.oneOfEach(seed));
  }

  @Test
  @Order(4)
  @Tag("long")
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void areReplacedAgainAndAgain() throws Exception {
    replaceAll("rolling-on", 5);
  }

  @Test
  @Order(5)
  @Tag("long")
  @Timeout(value = 12, unit = TimeUnit.HOURS)
  void loseNothingForMinutes() throws Exception {
    long end =
        System.nanoTime() + Duration.ofMinutes(Long.getLong(MINUTES, LONG_MINUTES)).toNanos();
    long again = 0;
    for (long seed = seed(); System.nanoTime() < end; seed++) {
      again += strike(seed, FaultSchedule.ofAny(seed, FAULTS_OF_A_ROUND));
    }

    assertThat(again).isPositive(); // else the faults hit nothing
  }

  private static void replaceAll(String name, int rounds) throws Exception {
    Load load = new Load(origin, pages, cluster::client, new Random(), name);
    try (load) {
      load.again(Duration.ofSeconds(3), () -> load.quick(400));
      for (int round = 0; round < rounds; round++) {
        System.out.printf(
            "rolling restart: workers ended within %s, gateways within %s%n",
            new RollingRestart(cluster.workers()).run(),
            new RollingRestart(cluster.gateways()).run());
      }
    }

    new Audit(cluster, pages).check(load);
    long again = load.pages().filter(page -> pages.sighting(page).times() > 1).count();
    System.out.printf("rolling restart: %d of %d fetched again%n", again, load.records());
    assertThat(again).isLessThan(load.records() / 100);
  }

  /**
   * A load, with one registration that is paused and one that is aborted, and all the faults; the
   * number of pages that they made to be fetched again.
   */
  private static long strike(long seed, FaultSchedule schedule) throws Exception {
    System.out.printf("faults: -D%s=%d (%s)%n", SEED, seed, cluster.blobs().means());
    try (EventFollower follower = new EventFollower(cluster::gateway)) {
      return strike(seed, schedule, follower);
    }
  }

  private static long strike(long seed, FaultSchedule schedule, EventFollower follower)
      throws Exception {
    Random random = new Random(seed);
    Load load = new Load(origin, pages, cluster::client, random, "faults-" + seed);
    Load.Registered paused = load.slow(300);
    Load.Registered aborted = load.slow(300);
    Future<Long> answered;
    try (load) {
      var unused = load.meanwhile(() -> load.pauseInTheMiddle(paused, random.nextInt(10_000)));
      answered = load.meanwhile(() -> load.abortInTheMiddle(aborted));
      load.again(Duration.ofMillis(1_500), () -> load.mixed(150));
      schedule.run(cluster);
    }

    Audit audit = new Audit(cluster, pages);
    Map<String, DatabaseAudit.Ended> ended = audit.check(load);
    follower.check(ended);
    assertThat(ended.get(aborted.uid()).aborted()).isTrue();
    audit.beganNothingAfter(answered.get(), aborted);
    long again = againByFaults(load, paused);
    load.release();
    return again;
  }

  /** Pages that were asked for again, for no reason of their own nor of who registered them. */
  private static long againByFaults(Load load, Load.Registered paused) {
    long again =
        load.all().stream()
            .filter(one -> !one.equals(paused))
            .flatMap(one -> one.pages().stream())
            .filter(page -> !page.breaksOff() && pages.sighting(page).times() > 1)
            .count();
    System.out.printf("faults: %d of %d fetched again%n", again, load.records());
    return again;
  }
}
