package io.bgfetch.standalone;

import static io.bgfetch.standalone.ProcessMemory.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.client.BackgroundFetchManager;
import io.bgfetch.testkit.Origin;
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

/** A worker and a gateway at their limits, each with 256 MiB of heap. */
@WithBackends
@Tag("long")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class OperatingLimitsIT {
  private static final String HEAP = "-Xmx256m";
  private static final int DOWNLOADS = 1_000;
  private static final int LINES = 1_000_000;

  @Test
  void aThousandBodiesOfAHundredMebibytesComeAtOnce(TestBackends backends, @TempDir Path directory)
      throws Exception {
    Map<String, String> settings =
        Map.of(
            "BGFETCH_WORKER_CONCURRENCY", "" + DOWNLOADS,
            "BGFETCH_HOST_CONCURRENCY", "" + DOWNLOADS);
    Path log = directory.resolve("worker-gc.log");
    try (Fleet fleet = new Fleet(backends, directory, settings)) {
      BgfetchProcess gateway = fleet.gateway(HEAP);
      BackgroundFetchManager manager = BackgroundFetchManager.of(URI.create(gateway.awaitUrl()));
      BgfetchProcess worker = fleet.worker(HEAP, ProcessMemory.logging(log));
      worker.awaitUrl();
      ProcessMemory memory = ProcessMemory.of(worker, log);

      LargeBodies.Held held =
          new LargeBodies(DOWNLOADS, MIB / 2, 6, 20).come(manager, worker, memory);

      held.print();
      assertThat(held.liveHeap()).as("heap in use").allMatch(bytes -> bytes < 96 * MIB);
      assertThat(held.peakHeap()).as("heap in use while they come").isLessThan(208 * MIB);
      assertThat(held.growth()).as("more heap in use after more bytes").isLessThan(16 * MIB);
      assertThat(held.resident()).as("in all").allMatch(bytes -> bytes < 768 * MIB);
      assertThat(held.files()).as("files and sockets").isLessThan(2 * DOWNLOADS + 500);
    }
  }

  @Test
  void aMillionRequestsAreRegistered(TestBackends backends, @TempDir Path directory)
      throws Exception {
    Path log = directory.resolve("gateway-gc.log");
    try (Origin origin = Origin.start();
        Fleet fleet = new Fleet(backends, directory)) {
      BgfetchProcess gateway = fleet.gateway(HEAP, ProcessMemory.logging(log));
      BackgroundFetchManager manager = BackgroundFetchManager.of(URI.create(gateway.awaitUrl()));
      ProcessMemory memory = ProcessMemory.of(gateway, log);

      long peak = memory.peakHeapWhile(() -> LongList.of(LINES, origin).register(manager));

      System.out.printf(
          "a million lines: heap in use at most %d MiB, %d MiB resident%n",
          peak / MIB, memory.resident() / MIB);
      assertThat(peak).as("heap in use").isLessThan(96 * MIB);
      assertThat(memory.resident()).as("in all").isLessThan(640 * MIB);
      assertThat(gateway.isAlive()).as("gateway: %s", gateway.err()).isTrue();
    }
  }
}
