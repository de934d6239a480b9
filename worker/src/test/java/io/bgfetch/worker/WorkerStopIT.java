package io.bgfetch.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.message.FetchEvent.ResponseReady;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.message.FetchEvent.Yielded;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.MessageCodec;
import io.bgfetch.testkit.Origin;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@WithBackends
class WorkerStopIT {

  private static final int JOBS = 2_000;
  private static final Duration WITHIN = Duration.ofSeconds(20);

  @Test
  void givesBackWhatItCannotFinishAndFinishesWhatIsQuick(
      TestBackends backends, @TempDir Path blobs) {
    try (Origin origin = Origin.start();
        WorkerUnderTest worker =
            new WorkerUnderTest(backends, blobs, Map.of("BGFETCH_WORKER_CONCURRENCY", "2"))) {
      FetchJob endless = Jobs.get(origin.url("/drip/1000000?every=50")).build();
      FetchJob quick = Jobs.get(origin.url("/slow/1500")).index(1).lane(1).build();
      FetchJob waiting = Jobs.get(origin.url("/bytes/1")).index(2).lane(2).build();
      worker.kafka().releaseAndGrant(endless);
      worker.kafka().await_(ResponseReady.class, endless);
      worker.kafka().releaseAndGrant(quick);
      await().until(() -> origin.requests("/slow/1500") == 1);
      worker.kafka().releaseAndGrant(waiting);
      await().until(() -> !worker.kafka().reported(waiting).isEmpty());

      worker.stop();

      worker.kafka().await_(Yielded.class, waiting);
      assertThat(worker.kafka().await_(Settled.class, quick).response().status()).isEqualTo(200);
      assertThat(worker.kafka().await_(Yielded.class, endless).why()).contains("stops");
      await().atMost(Duration.ofSeconds(2)).until(() -> origin.open() == 0);
      assertThat(origin.requests("/bytes/1")).isZero();
    }
  }

  @Test
  void holdsThousandsForADeadHostBesideOthersAndGivesThemAllBack(
      TestBackends backends, @TempDir Path blobs) {
    Map<String, String> twoAtOnce =
        Map.of("BGFETCH_WORKER_CONCURRENCY", "256", "BGFETCH_HOST_CONCURRENCY", "2");
    try (Origin dead = Origin.start();
        Origin alive = Origin.start();
        WorkerUnderTest worker = new WorkerUnderTest(backends, blobs, twoAtOnce)) {
      KafkaSide kafka = worker.kafka();
      UUID uid = UUID.randomUUID();
      kafka.release(
          IntStream.range(0, JOBS)
              .mapToObj(n -> Jobs.get(dead.url("/never")).uid(uid).index(n).lane(n % 2).build())
              .toList());
      await().atMost(WITHIN).until(() -> kafka.reportedTasks(uid) == JOBS);
      assertThat(kafka.longestEvent()).isLessThan(MessageCodec.MAX_MESSAGE);
      FetchJob other = Jobs.get(alive.url("/bytes/1")).build();
      kafka.releaseAndGrant(other);
      kafka.await_(Settled.class, other);
      assertThat(dead.maxConcurrent()).isLessThanOrEqualTo(2);

      worker.stop();

      await().atMost(WITHIN).until(() -> kafka.yieldedTasks(uid) == JOBS);
    }
  }
}
