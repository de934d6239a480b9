package io.bgfetch.standalone;

import static io.bgfetch.standalone.ProcessMemory.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.client.BackgroundFetchManager;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker at its limit: a thousand downloads of 100 MiB at once in 256 MiB of heap. */
@WithBackends
@Tag("long")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class OperatingLimitsIT {
  private static final int DOWNLOADS = 1_000;

  @Test
  void aThousandLargeBodiesComeAtOnce(TestBackends backends, @TempDir Path directory)
      throws Exception {
    Map<String, String> settings =
        Map.of(
            "BGFETCH_WORKER_CONCURRENCY", "" + DOWNLOADS,
            "BGFETCH_HOST_CONCURRENCY", "" + DOWNLOADS);
    Path log = Path.of("/tmp/M-gc.log");
    try (Fleet fleet = new Fleet(backends, directory, settings)) {
      BgfetchProcess gateway = fleet.gateway("-Xmx256m");
      BackgroundFetchManager manager = BackgroundFetchManager.of(URI.create(gateway.awaitUrl()));
      BgfetchProcess worker = fleet.worker("-Xmx256m", ProcessMemory.logging(log));
      worker.awaitUrl();
      ProcessMemory memory = ProcessMemory.of(worker, log);

      LargeBodies.Held held = new LargeBodies(DOWNLOADS, MIB, 2, 0).come(manager, worker, memory);

      System.out.println(held);
      assertThat(held.files()).isLessThan(2 * DOWNLOADS + 500);
    }
  }
}
