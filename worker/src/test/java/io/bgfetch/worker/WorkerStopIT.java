package io.bgfetch.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.message.FetchEvent.ResponseReady;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.message.FetchEvent.Yielded;
import io.bgfetch.message.FetchJob;
import io.bgfetch.testkit.Origin;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@WithBackends
class WorkerStopIT {

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
}
