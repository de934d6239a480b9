package io.bgfetch.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.client.BackgroundFetchManager;
import io.bgfetch.client.BackgroundFetchRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Waits for everything to end, and then holds it against what clients were promised. */
final class Audit {
  /** Much more than what is promised, for an origin that is slow to notice. */
  private static final long AFTER_ABORT_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** What a process sends off that was halted between its decision and its doing. */
  private static final long AFTER_WAKING_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final Duration GATEWAY = Duration.ofSeconds(60);

  private final ProcessCluster cluster;
  private final LoadPages pages;

  Audit(ProcessCluster cluster, LoadPages pages) {
    this.cluster = cluster;
    this.pages = pages;
  }

  /** Returns the registrations of the load by their uid, when they have ended as they must. */
  Map<String, DatabaseAudit.Ended> check(Load load) throws Exception {
    cluster.awaitReady();
    try (DatabaseAudit database = DatabaseAudit.of(cluster.postgres().uri());
        ProgressAudit progress = ProgressAudit.of(cluster.kafka().address())) {
      database.awaitEnds();
      Map<String, DatabaseAudit.Ended> ended = database.check();
      progress.check(ended);
      Map<String, Long> results = records(load);
      System.out.printf("audit: %d records: %s%n", load.records(), results);
      ended.keySet().retainAll(load.all().stream().map(Load.Registered::uid).toList());
      assertThat(ended).hasSameSizeAs(load.all());
      return ended;
    }
  }

  private Map<String, Long> records(Load load) throws Exception {
    BackgroundFetchManager gateway =
        await("a gateway")
            .atMost(GATEWAY)
            .until(cluster::client, Optional::isPresent)
            .orElseThrow();
    RecordAudit audit = new RecordAudit(gateway, pages);
    Stream.Builder<BackgroundFetchRecord> all = Stream.builder();
    for (Load.Registered registered : load.all()) {
      audit.check(registered).forEach(all);
    }
    return all.build()
        .map(record -> record.result() + (record.error() == null ? "" : " " + record.error()))
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }

  /** After an abort was answered, the origin was asked for nothing more, but by who was halted. */
  void beganNothingAfter(long answered, Load.Registered aborted) {
    List<Long> wakings = cluster.workers().wakings();
    assertThat(aborted.pages())
        .map(pages::sighting)
        .filteredOn(sighting -> sighting.lastNanos() - answered > AFTER_ABORT_NANOS)
        .filteredOn(sighting -> sighting.times() > 0)
        .allSatisfy(
            late ->
                assertThat(wakings)
                    .anyMatch(waking -> Math.abs(late.lastNanos() - waking) < AFTER_WAKING_NANOS));
  }
}
