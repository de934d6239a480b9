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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Neither long lists nor large bodies need memory, in a gateway or in a worker. */
@WithBackends
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SmallHeapsIT {
  private static final int DOWNLOADS = 200;

  private static Origin origin;
  private static Fleet fleet;
  private static BgfetchProcess gateway;
  private static BgfetchProcess worker;
  private static ProcessMemory gatewayMemory;
  private static ProcessMemory workerMemory;
  private static BackgroundFetchManager manager;

  @BeforeAll
  static void start(TestBackends backends, @TempDir Path directory) {
    origin = Origin.start();
    fleet =
        new Fleet(
            backends,
            directory,
            Map.of(
                "BGFETCH_WORKER_CONCURRENCY", "" + DOWNLOADS,
                "BGFETCH_HOST_CONCURRENCY", "" + DOWNLOADS));
    Path gatewayLog = directory.resolve("gateway-gc.log");
    Path workerLog = directory.resolve("worker-gc.log");
    gateway = fleet.gateway("-Xmx128m", ProcessMemory.logging(gatewayLog));
    manager = BackgroundFetchManager.of(URI.create(gateway.awaitUrl()));
    worker = fleet.worker("-Xmx96m", ProcessMemory.logging(workerLog));
    worker.awaitUrl();
    gatewayMemory = ProcessMemory.of(gateway, gatewayLog);
    workerMemory = ProcessMemory.of(worker, workerLog);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    fleet.close();
    origin.close();
  }

  @Test
  void registerAHundredThousandRequests() throws Exception {
    long peak = gatewayMemory.peakHeapWhile(() -> LongList.of(100_000, origin).register(manager));

    assertThat(peak).as("heap in use").isLessThan(64 * MIB);
    assertThat(gateway.isAlive()).as("gateway: %s", gateway.err()).isTrue();
  }

  @Test
  void carryTwoHundredLargeBodiesAtOnce() throws Exception {
    LargeBodies.Held held =
        new LargeBodies(DOWNLOADS, MIB / 2, 3, 2).come(manager, worker, workerMemory);

    held.print();
    assertThat(held.liveHeap()).as("heap in use").allMatch(bytes -> bytes < 64 * MIB);
    assertThat(held.growth()).as("more heap in use after more bytes").isLessThan(8 * MIB);
    assertThat(held.files()).as("files and sockets").isLessThan(2 * DOWNLOADS + 500);
    assertThat(gateway.isAlive()).as("gateway: %s", gateway.err()).isTrue();
  }
}
