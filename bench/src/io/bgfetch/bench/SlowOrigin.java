package io.bgfetch.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Concurrency, not processors: an origin that takes its time with every answer. */
final class SlowOrigin implements Case {

  private static final int COUNT = 20_000;
  private static final int CONCURRENCY = 512;

  /** The most that curl takes; with more it falls back to 50. */
  private static final int MOST_OF_CURL = 300;

  @Override
  public String id() {
    return "e";
  }

  @Override
  public String title(Bench bench) {
    return String.format(
        Locale.ROOT,
        "%,d bodies of 1 KiB from an origin that answers after %d ms, %d at once",
        bench.count(COUNT),
        Origin.SLOW.toMillis(),
        CONCURRENCY);
  }

  @Override
  public void measure(Bench bench, Result result) throws Exception {
    bench.closeClusters();
    Bodies bodies = bench.origin().slow(bench.count(COUNT), Bench.SMALL);
    Comparison comparison = new Comparison(bench, bodies, 1, "fetches/s");
    Cluster cluster = bench.startUp("up, 512 at once", settings(CONCURRENCY, CONCURRENCY));
    bench.warmUp(cluster);
    Service service = new Service(cluster);
    Run warmUp = service.fetch(bodies);
    bench.say("bgfetch: warm-up with these bodies, %.1f s", warmUp.seconds());
    comparison.add(service);
    result.notes().add(bench.warmth(cluster));
    comparison.add(new Tool(bench, Tool.Kind.CURL, MOST_OF_CURL));
    comparison.add(new Tool(bench, Tool.Kind.WGET2, CONCURRENCY));
    comparison.add(new Tool(bench, Tool.Kind.ARIA2, CONCURRENCY));
    List<Measurement> rows = comparison.run(result.notes());
    result.rows().addAll(rows);
    result.rows().add(Wrk.ceiling(bench, bodies, CONCURRENCY));
    double possible = CONCURRENCY / (Origin.SLOW.toMillis() / 1000.0);
    result.notes().add("Concurrency allows " + Figures.number(possible) + " fetches/s.");
    result.notes().add("curl takes at most 300 connections.");
    result
        .checks()
        .add(
            Check.atLeast(
                "bgfetch beside what concurrency allows",
                0.9,
                rows.getFirst().median() / possible,
                ""));
    bench.close(cluster);
  }

  /** So many fetches at once of each worker, and at one host. */
  static Map<String, String> settings(int worker, int host) {
    return Map.of(
        "BGFETCH_WORKER_CONCURRENCY", Integer.toString(worker),
        "BGFETCH_HOST_CONCURRENCY", Integer.toString(host));
  }
}
