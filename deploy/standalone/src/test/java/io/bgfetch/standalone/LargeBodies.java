package io.bgfetch.standalone;

import static io.bgfetch.standalone.ProcessMemory.MIB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.client.BackgroundFetchManager;
import io.bgfetch.client.BackgroundFetchOptions;
import io.bgfetch.client.BackgroundFetchRecord;
import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.FetchRequest;
import io.bgfetch.testkit.Origin;
import io.bgfetch.testkit.Sluice;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Bodies of 100 MiB each that one worker downloads at once. All come up to the same level, step by
 * step, each step as fast as the worker stores it; then some come whole.
 *
 * @param count how many
 * @param step bytes of each body that come at a time
 * @param steps how often
 * @param whole how many come to their end
 */
record LargeBodies(int count, long step, int steps, int whole) {
  private static final long LENGTH = 100 * MIB;
  private static final long TRICKLE = 1 << 10;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /**
   * What the worker held while the bodies came.
   *
   * @param liveHeap bytes that were in use after each step
   * @param peakHeap the most bytes that any full collection left
   * @param resident bytes of main memory after each step
   * @param files the most open files and sockets
   */
  record Held(List<Long> liveHeap, long peakHeap, List<Long> resident, long files) {

    /** How many bytes more were in use at the end than after the first step. */
    long growth() {
      return liveHeap.getLast() - liveHeap.getFirst();
    }

    void print() {
      System.out.printf(
          "heap in use %s MiB, at most %d MiB; %s MiB resident; %d files%n",
          inMib(liveHeap), peakHeap / MIB, inMib(resident), files);
    }

    private static List<Long> inMib(List<Long> bytes) {
      return bytes.stream().map(each -> each / MIB).toList();
    }
  }

  /** Lets them come; everything that must hold but for the worker's memory is asserted. */
  Held come(BackgroundFetchManager manager, BgfetchProcess worker, ProcessMemory memory)
      throws Exception {
    Sluice sluice = new Sluice(LENGTH);
    try (Origin origin = Origin.start().on("/large", sluice)) {
      double before = downloaded(worker);
      BackgroundFetchRegistration registration =
          manager.fetch(
              count + "-large-bodies",
              IntStream.range(0, count)
                  .mapToObj(i -> FetchRequest.of(origin.url("/large?seed=" + i))),
              BackgroundFetchOptions.none());
      await(count + " downloads at once").atMost(PATIENCE).until(() -> origin.open() == count);

      List<Long> live = new ArrayList<>();
      List<Long> resident = new ArrayList<>();
      long files = 0;
      for (int i = 1; i <= steps; i++) {
        long level = i * step;
        sluice.raise(level);
        await("every body has come up to " + level)
            .atMost(PATIENCE)
            .until(() -> downloaded(worker) - before == count * level);
        files = Math.max(files, memory.files());
        resident.add(memory.resident());
        live.add(memory.liveHeap());
      }
      assertThat(origin.open()).isEqualTo(count);

      IntStream.range(0, whole).forEach(sluice::open);
      awaitWhole(registration, sluice);
      assertThat(origin.open()).isEqualTo(count - whole);
      assertThat(origin.requests()).as("no download was begun twice").isEqualTo(count);
      Held held = new Held(live, memory.peakHeap(), resident, Math.max(files, memory.files()));
      for (int i = 0; i < whole; i++) {
        assertThat(sha256(registration.record(i))).isEqualTo(Origin.sha256(i, LENGTH));
      }
      assertThat(registration.abort()).isTrue();
      registration.follow(event -> {});
      assertThat(registration.state().records().succeeded()).isEqualTo(whole);
      await("the others are cut").atMost(PATIENCE).until(() -> origin.open() == 0);
      assertThat(worker.isAlive()).as("worker: %s", worker.err()).isTrue();
      return held;
    }
  }

  private static double downloaded(BgfetchProcess worker) {
    return worker.metric("bgfetch_worker_downloaded_bytes_total");
  }

  /** The others get a little meanwhile, so that none of them is taken for silent. */
  private void awaitWhole(BackgroundFetchRegistration registration, Sluice sluice) {
    long[] level = {step * steps};
    await(whole + " bodies have come")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              level[0] += TRICKLE;
              sluice.raise(level[0]);
              return registration.refresh().records().settled() >= whole;
            });
  }

  private static String sha256(BackgroundFetchRecord record) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (InputStream body = new DigestInputStream(record.body(), digest)) {
      body.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
