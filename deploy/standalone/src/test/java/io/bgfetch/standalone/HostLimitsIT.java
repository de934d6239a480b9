package io.bgfetch.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.client.BackgroundFetchManager;
import io.bgfetch.client.BackgroundFetchOptions;
import io.bgfetch.client.FetchRequest;
import io.bgfetch.testkit.Origin;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What hosts see of several workers, which do not talk to each other about it. */
@WithBackends
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class) // workers die and come under one load
class HostLimitsIT {
  private static final int LIMIT = 4;

  /** Of several hosts some lane surely moves with the partitions. */
  private static final int HOSTS = 3;

  private static final int REQUESTS = 6_000; // more than ever come
  private static final String PAGE = "/held-back";
  private static final HeldBack ANSWER = new HeldBack(Duration.ofMillis(300));
  private static final String[] JVM = {"-Xmx192m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"};
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final int RATE = 20;
  private static final int PACED_REQUESTS = 100;

  /** Two workers may each be a token ahead; and what they sent apart may arrive together. */
  private static final int AHEAD = 2 + 6;

  private static final Arrivals PACED = new Arrivals();

  private static List<Origin> hosts;
  private static Origin paced;
  private static Fleet fleet;
  private static BackgroundFetchManager manager;
  private static BgfetchProcess doomed;
  private static BgfetchProcess survivor;

  @BeforeAll
  static void start(TestBackends backends, @TempDir Path directory) {
    hosts = Stream.generate(() -> Origin.start().on(PAGE, ANSWER)).limit(HOSTS).toList();
    paced = Origin.start().on("/paced", PACED);
    String limits =
        hosts.stream()
            .map(host -> "127.0.0.1:%d=%d,".formatted(host.port(), LIMIT))
            .collect(Collectors.joining());
    fleet =
        new Fleet(
            backends,
            directory,
            Map.of(
                "BGFETCH_HOST_LIMITS",
                limits + "127.0.0.1:%d=%d/%d".formatted(paced.port(), PACED_REQUESTS, RATE)));
    BgfetchProcess gateway = fleet.gateway(JVM);
    manager = BackgroundFetchManager.of(URI.create(gateway.awaitUrl()));
    doomed = fleet.worker(JVM);
    survivor = fleet.worker(JVM);
    doomed.awaitUrl();
    survivor.awaitUrl();
  }

  @AfterAll
  static void stop() throws InterruptedException {
    fleet.close();
    hosts.forEach(Origin::close);
    paced.close();
  }

  @Test
  @Order(1)
  void neverSeeAFifthRequestWhileWorkersAreSteady() {
    hosts.forEach(host -> load(host, PAGE, REQUESTS));
    await("both workers fetch")
        .atMost(PATIENCE)
        .until(() -> fetches(doomed) > LIMIT && fetches(survivor) > LIMIT);
    awaitRequests(2 * LIMIT);
    hosts.forEach(Origin::countMostAnew);
    awaitRequests(10 * LIMIT);

    assertThat(hosts).extracting(Origin::maxConcurrent).containsOnly(LIMIT);
  }

  private static void load(Origin host, String page, int requests) {
    var unused =
        manager.fetch(
            "load-" + host.port(),
            IntStream.range(0, requests)
                .mapToObj(i -> FetchRequest.of(host.url(page + "?seed=" + i))),
            BackgroundFetchOptions.none());
  }

  @Test
  @Order(2)
  @Tag("long") // what arrives in a second depends on how the machine is busy
  void seeNoMoreInASecondThanTheirRate() {
    load(paced, "/paced", PACED_REQUESTS);
    await(PACED_REQUESTS + " paced requests")
        .atMost(PATIENCE)
        .until(() -> PACED.count() == PACED_REQUESTS);

    System.out.printf(
        "rate %d: at most %d in a second, %s in all%n", RATE, PACED.mostInASecond(), PACED.span());
    assertThat(PACED.mostInASecond()).isBetween(RATE / 2, RATE + AHEAD);
    assertThat(PACED.span().multipliedBy(RATE))
        .isGreaterThan(Duration.ofSeconds(PACED_REQUESTS - AHEAD));
  }

  @Test
  @Order(3)
  void neverSeeAFifthRequestWhileAWorkerIsKilled() throws Exception {
    doomed.kill();
    await("the other worker has all lanes")
        .atMost(PATIENCE)
        .until(() -> survivor.metric("bgfetch_worker_running") == HOSTS * LIMIT);
    awaitRequests(5 * LIMIT);

    assertThat(hosts).extracting(Origin::maxConcurrent).containsOnly(LIMIT);
  }

  @Test
  @Order(4)
  void neverSeeANinthRequestWhileWorkersComeAndNoFifthWhenTheyHaveCome() {
    BgfetchProcess other = fleet.worker(JVM);
    other.awaitUrl();
    await("lanes have moved").atMost(PATIENCE).until(() -> fetches(other) > LIMIT);
    awaitRequests(5 * LIMIT);
    assertThat(mostAtOnce()).allMatch(most -> most <= 2 * LIMIT);

    ANSWER.hold(); // what runs goes on for longer than its lane takes to move
    BgfetchProcess one = fleet.worker(JVM);
    one.awaitUrl();
    await("lanes begin anew while their fetches of before run")
        .atMost(PATIENCE)
        .until(() -> mostAtOnce().stream().anyMatch(most -> most > LIMIT));
    ANSWER.letGo();
    awaitRequests(5 * LIMIT);
    System.out.println("requests at once while workers came: " + mostAtOnce());
    assertThat(mostAtOnce()).allMatch(most -> most <= 2 * LIMIT);
    await("four again").atMost(PATIENCE).until(HostLimitsIT::fourAgain);
  }

  private static List<Integer> mostAtOnce() {
    return hosts.stream().map(Origin::maxConcurrent).toList();
  }

  private static boolean fourAgain() {
    hosts.forEach(Origin::countMostAnew);
    awaitRequests(5 * LIMIT);
    return hosts.stream().allMatch(host -> host.maxConcurrent() == LIMIT);
  }

  /** Each host gets so many more. */
  private static void awaitRequests(int more) {
    Map<Origin, Integer> before =
        hosts.stream().collect(Collectors.toMap(host -> host, Origin::requests));
    await(more + " more requests")
        .atMost(PATIENCE)
        .until(() -> hosts.stream().allMatch(host -> host.requests() >= before.get(host) + more));
  }

  private static double fetches(BgfetchProcess worker) {
    return worker.metric("bgfetch_worker_fetches_total");
  }
}
