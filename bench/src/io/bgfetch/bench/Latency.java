package io.bgfetch.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** A registration of one URL: from its POST to its end event, idle and beside a long one. */
final class Latency implements Case {

  private static final int TIMES = 300;
  private static final int LOAD = 20_000;
  private static final int ROUNDS = 3;
  private static final Duration A_ROUND = Duration.ofSeconds(20);
  private static final Duration ONE = Duration.ofSeconds(60);
  private static final Duration LOAD_GROWS = Duration.ofSeconds(1);

  @Override
  public String id() {
    return "g";
  }

  @Override
  public String title(Bench bench) {
    return "latency of a registration of one URL, from the POST to the end event";
  }

  @Override
  public void measure(Bench bench, Result result) throws Exception {
    bench.closeSeparate();
    Cluster cluster = bench.up();
    Quantiles idle = new Quantiles("up, idle", "ms");
    Quantiles loaded = new Quantiles("up, while (a) runs over and over", "ms");
    int rounds = Math.min(ROUNDS, bench.rounds());
    try (Ends ends = Ends.of(cluster.api())) {
      latencies(bench, cluster, ends); // warm
      for (int round = 1; round <= rounds; round++) {
        bench.settle();
        idle.add(bench, "round " + round + ", idle", latencies(bench, cluster, ends));
        loaded.add(bench, "round " + round + ", under load", underLoad(bench, cluster, ends));
      }
    }
    result.rows().addAll(idle.rows());
    result.rows().addAll(loaded.rows());
    result.notes().add(bench.warmth(cluster));
    result.checks().add(Check.below("p50, idle", 25, idle.p50().median(), " ms"));
    result.checks().add(Check.below("p99, idle", 100, idle.p99().median(), " ms"));
    result
        .notes()
        .add(
            bench.count(TIMES)
                + " registrations a round, one after the other, but no more than fit into "
                + A_ROUND.toSeconds()
                + " s; the subscriber reads /v1/events. The load is at the same host.");
  }

  private static List<Double> underLoad(Bench bench, Cluster cluster, Ends ends) throws Exception {
    Bodies bodies = bench.origin().bodies(bench.count(LOAD), Bench.SMALL);
    List<String> uids = new ArrayList<>();
    AtomicBoolean enough = new AtomicBoolean();
    AtomicReference<Exception> broken = new AtomicReference<>();
    Thread load =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    while (!enough.get()) {
                      uids.add(cluster.run(bodies.urls()).uid());
                    }
                  } catch (Failure | InterruptedException e) {
                    broken.set(e);
                  }
                });
    Thread.sleep(LOAD_GROWS);
    List<Double> latencies;
    try {
      latencies = latencies(bench, cluster, ends);
    } finally {
      enough.set(true);
      load.join();
    }
    if (broken.get() != null) {
      throw broken.get();
    }
    for (String uid : uids) {
      Service.verifyRecords(cluster.api(), uid, bodies);
    }
    return latencies;
  }

  private static List<Double> latencies(Bench bench, Cluster cluster, Ends ends) throws Exception {
    Bodies one = bench.origin().bodies(bench.count(LOAD), Bench.SMALL).part(0, 1);
    List<String> uids = new ArrayList<>();
    List<Double> millis = new ArrayList<>();
    long deadline = System.nanoTime() + A_ROUND.toNanos();
    while (millis.size() < bench.count(TIMES) && System.nanoTime() < deadline) {
      String id = cluster.nextId();
      long begun = System.nanoTime();
      uids.add(cluster.api().registerOne(id, one.url(0)));
      millis.add((ends.await(id, ONE) - begun) / 1e6);
    }
    for (String uid : uids) {
      Service.verifyBody(cluster.api(), uid, one, 0);
    }
    return millis;
  }
}
