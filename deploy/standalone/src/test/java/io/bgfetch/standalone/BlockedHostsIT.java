package io.bgfetch.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.client.BackgroundFetchOptions;
import io.bgfetch.client.BackgroundFetchRecord;
import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.FetchRequest;
import io.bgfetch.kafka.KafkaSettings;
import io.bgfetch.kafka.TailingInbox;
import io.bgfetch.kafka.Topics;
import io.bgfetch.message.ControlMessage;
import io.bgfetch.message.MessageCodec;
import io.bgfetch.testkit.Origin;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A host that says that it is asked too much is left alone by the whole cluster: one gateway, two
 * workers, real backends, and an origin that notes when requests begin.
 */
@WithBackends
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class BlockedHostsIT {

  private static final Map<String, String> SETTINGS = Map.of("BGFETCH_HOST_CONCURRENCY", "8");

  /**
   * From when a block stands in the control topic no worker sends, however slow it is: none sends
   * that has not read the topic to its end within the last half second. What it sent before may
   * take a while to the origin, where threads are scarce.
   */
  private static final long NEWS_MILLIS = 500 + 1_000;

  /** In which processes that knew of no block would have asked. */
  private static final long WHILE_MILLIS = 2_000;

  private static final Map<String, Long> BLOCKED_AT = new ConcurrentHashMap<>();
  private static @TempDir Path directory;
  private static TestCluster cluster;
  private static TailingInbox control;

  @BeforeAll
  static void start(TestBackends backends) throws Exception {
    cluster = TestCluster.start(backends, directory, SETTINGS);
    control =
        new TailingInbox(
            KafkaSettings.ofServers(cluster.kafka()),
            Topics.CONTROL,
            Duration.ofMinutes(1),
            InstantSource.system(),
            new Hearing());
    control.start();
  }

  @AfterAll
  static void stop() {
    if (control != null) {
      control.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  /** Notes when each host was first said to be blocked. */
  private static final class Hearing implements TailingInbox.Receiver {

    private final MessageCodec codec = new MessageCodec();

    @Override
    public void received(List<ConsumerRecord<byte[], byte[]>> batch) {
      for (ConsumerRecord<byte[], byte[]> record : batch) {
        if (codec.control(record.value()) instanceof ControlMessage.Blocked blocked) {
          blocked.hosts().forEach(one -> BLOCKED_AT.putIfAbsent(one.host(), record.timestamp()));
        }
      }
    }

    @Override
    public void readToEnd(long at) {}
  }

  private static BackgroundFetchRegistration register(
      String id, WearyOrigin origin, int records, BackgroundFetchOptions options) {
    List<FetchRequest> requests = new ArrayList<>();
    for (int i = 0; i < records; i++) {
      requests.add(FetchRequest.of(origin.url(id + i)));
    }
    return cluster.client().fetch(id, requests, options);
  }

  private static BackgroundFetchOptions triedAgain() {
    return BackgroundFetchOptions.none().withRetryStatuses(429).withRetryLimit(3);
  }

  private static void awaitBlock(WearyOrigin origin) {
    await().atMost(Duration.ofSeconds(60)).until(() -> BLOCKED_AT.containsKey(origin.host()));
  }

  private static void assertLeftAlone(WearyOrigin origin) {
    long from = BLOCKED_AT.get(origin.host()) + NEWS_MILLIS;
    assertThat(origin.requests())
        .noneMatch(request -> request.at() > from && request.at() < origin.restsUntil());
  }

  private static long refused(WearyOrigin origin, String id) {
    return origin.requests().stream()
        .filter(request -> request.status() == 429 && request.uri().startsWith("/?" + id))
        .map(WearyOrigin.Request::uri)
        .distinct()
        .count();
  }

  private static String end(BackgroundFetchRegistration registration) {
    registration.follow(event -> {});
    return registration.result();
  }

  @Test
  void getNothingForTheLengthOfTheirRetryAfterAndThenTheRest() {
    try (WearyOrigin origin = new WearyOrigin(40, Duration.ofSeconds(4))) {
      BackgroundFetchRegistration again = register("again", origin, 150, triedAgain());
      BackgroundFetchRegistration once =
          register("once", origin, 150, BackgroundFetchOptions.none());

      assertThat(end(again)).isEqualTo("success");
      assertThat(end(once)).isEqualTo("failure");

      assertLeftAlone(origin);
      long lost = refused(origin, "once");
      assertThat(once.failureReason()).isEqualTo("bad-status");
      Expected.exactCounters(once, 150 - lost, lost);
      Expected.exactCounters(again, 150, 0);
      assertThat(once.records("bad-status").stream())
          .extracting(record -> record.response().status())
          .containsOnly(429);
      assertThat(origin.requests())
          .filteredOn(request -> request.uri().startsWith("/?once"))
          .extracting(WearyOrigin.Request::uri)
          .doesNotHaveDuplicates()
          .hasSize(150);
    }
  }

  @Test
  void areLeftAloneAlsoByProcessesThatStartMeanwhile() throws Exception {
    try (WearyOrigin origin = new WearyOrigin(40, Duration.ofSeconds(20))) {
      var unused = register("before", origin, 150, triedAgain());
      awaitBlock(origin);

      cluster = cluster.restart(directory, SETTINGS);
      BackgroundFetchRegistration after = register("after", origin, 20, triedAgain());
      long left = origin.restsUntil() - System.currentTimeMillis();
      System.out.printf("registered %d ms before the end of the block%n", left);
      assertThat(left).as("or nothing was seen here").isGreaterThan(WHILE_MILLIS);

      assertThat(end(after)).isEqualTo("success");
      BackgroundFetchRegistration before = cluster.client().get("before").orElseThrow();
      assertThat(end(before)).isEqualTo("success");
      assertLeftAlone(origin);
    }
  }

  @Test
  void doNotHoldUpOtherHosts() {
    try (WearyOrigin blocked = new WearyOrigin(10, Duration.ofMinutes(4));
        Origin other = Origin.start()) {
      List<FetchRequest> requests = new ArrayList<>();
      for (int i = 0; i < 600; i++) {
        requests.add(FetchRequest.of(blocked.url("mixed" + i)));
      }
      for (int i = 0; i < 100; i++) {
        requests.add(FetchRequest.of(other.url("/bytes/100")));
      }
      BackgroundFetchRegistration mixed = cluster.client().fetch("mixed", requests, triedAgain());
      awaitBlock(blocked);

      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> other.requests() >= 100 && mixed.refresh().records().succeeded() >= 109);

      assertThat(mixed.refresh().result()).isEmpty();
      assertLeftAlone(blocked);
      assertThat(mixed.abort()).isTrue();
    }
  }

  @Test
  void areNotFollowedRedirectsTo() {
    try (WearyOrigin blocked = new WearyOrigin(1, Duration.ofSeconds(4));
        Origin other = Origin.start()) {
      assertThat(end(register("first", blocked, 1, BackgroundFetchOptions.none())))
          .isEqualTo("failure");
      awaitBlock(blocked);
      String url = other.url("/redirect-to?url=" + blocked.url("hop"));

      BackgroundFetchRegistration hop =
          cluster
              .client()
              .fetch("hop", List.of(FetchRequest.of(url)), BackgroundFetchOptions.none());

      assertThat(end(hop)).isEqualTo("success");
      assertLeftAlone(blocked);
      BackgroundFetchRecord record = hop.record(0);
      assertThat(record.response().url()).isEqualTo(blocked.url("hop"));
      assertThat(other.requests()).isEqualTo((int) record.attempts());
    }
  }
}
