package io.bgfetch.bench;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A long registration as NDJSON, at a gateway with a small heap and without workers. */
final class Registering implements Case {

  private static final int COUNT = 1_000_000;
  private static final int ROUNDS = 3;
  private static final int TARGET_SECONDS = 20;
  private static final int HEAP_MEBIBYTES = 256;
  private static final long SAMPLE_MILLIS = 250;

  /** {@code jvm_memory_used_bytes{area="heap",id="G1 Eden Space"} 1.23E7}. */
  private static final Pattern HEAP =
      Pattern.compile("(?m)^jvm_memory_used_bytes\\{[^}]*area=\"heap\"[^}]*\\} (\\S+)$");

  @Override
  public String id() {
    return "f";
  }

  @Override
  public String title(Bench bench) {
    return String.format(
        Locale.ROOT,
        "registering %,d URLs as NDJSON, gateway with a heap of %d MiB",
        bench.count(COUNT),
        HEAP_MEBIBYTES);
  }

  @Override
  public void measure(Bench bench, Result result) throws Exception {
    bench.closeClusters();
    int count = bench.count(COUNT);
    Cluster cluster = bench.startGateway("gateway alone", "-Xmx" + HEAP_MEBIBYTES + "m");
    Measurement lines = new Measurement("bgfetch", "until 201", "lines/s");
    Measurement heap = new Measurement("bgfetch", "peak of the heap", "MiB");
    int rounds = Math.min(ROUNDS, bench.rounds());
    for (int round = 0; round <= rounds; round++) {
      bench.settle();
      Registered registered = register(bench, cluster, count / (round == 0 ? 10 : 1));
      String what = round == 0 ? "warm-up with a tenth" : "round " + round;
      bench.say(
          "%s: %.1f s, peak of the heap %,d MiB",
          what, registered.run.seconds(), registered.peakHeap >> 20);
      if (round > 0) {
        lines.add(count, registered.run);
        heap.values().add(registered.peakHeap / (double) (1 << 20));
      }
    }
    result.rows().add(lines);
    result.rows().add(heap);
    double seconds = count / lines.median();
    double target = bench.isQuick() ? TARGET_SECONDS / 10.0 : TARGET_SECONDS;
    result.checks().add(Check.below("seconds until 201", target, seconds, " s"));
    result
        .notes()
        .add(
            "Nothing is fetched: there is no worker. Each registration is aborted after its 201."
                + " CPU and memory are those of the gateway, Postgres and Kafka together; the heap"
                + " is the gateway's, used, garbage included, looked at four times a second.");
    bench.close(cluster);
  }

  private record Registered(Run run, long peakHeap) {}

  private static Registered register(Bench bench, Cluster cluster, int count) throws Exception {
    Bodies bodies = bench.origin().bodies(bench.count(20_000), Bench.SMALL).times(count);
    Path file = bench.directory().resolve("lines");
    Api.linesFile(file, cluster.nextId(), bodies.urls());
    AtomicLong peakHeap = new AtomicLong();
    Thread sampler = Thread.ofVirtual().start(() -> sampleHeap(cluster.api(), peakHeap));
    try (ProcessUsage usage = ProcessUsage.of(cluster.pids())) {
      long begun = System.nanoTime();
      String uid = cluster.api().registerLines(BodyPublishers.ofFile(file));
      double seconds = (System.nanoTime() - begun) / 1e9;
      Run run = new Run(seconds, usage.cpuSeconds(), usage.peakBytes());
      cluster.api().abort(uid);
      return new Registered(run, peakHeap.get());
    } finally {
      sampler.interrupt();
      sampler.join();
      Files.delete(file);
    }
  }

  private static void sampleHeap(Api api, AtomicLong peak) {
    try {
      while (true) {
        long used = 0;
        for (Matcher part = HEAP.matcher(api.metrics()); part.find(); ) {
          used += (long) Double.parseDouble(part.group(1));
        }
        peak.accumulateAndGet(used, Math::max);
        Thread.sleep(SAMPLE_MILLIS);
      }
    } catch (Failure | InterruptedException e) {
      // the end
    }
  }
}
