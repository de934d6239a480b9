package io.bgfetch.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** More workers, each a process of its own, at an origin that takes its time. */
final class Scaling implements Case {

  private static final int COUNT = 20_000;
  private static final int OF_ONE_WORKER = 64;
  private static final List<Integer> WORKERS = List.of(1, 2, 4);
  private static final int ROUNDS = 2;

  @Override
  public String id() {
    return "i";
  }

  @Override
  public String title(Bench bench) {
    return String.format(
        Locale.ROOT,
        "%,d bodies of 1 KiB from an origin that answers after %d ms, by 1, 2 and 4 workers of %d",
        bench.count(COUNT),
        Origin.SLOW.toMillis(),
        OF_ONE_WORKER);
  }

  @Override
  public void measure(Bench bench, Result result) throws Exception {
    bench.closeClusters();
    List<Measurement> rows = new ArrayList<>();
    List<Integer> steps = bench.isQuick() ? WORKERS.subList(0, 2) : WORKERS;
    for (int workers : steps) {
      rows.add(measure(bench, workers, result.notes()));
    }
    result.rows().addAll(rows);
    double one = rows.getFirst().median();
    for (int i = 1; i < rows.size(); i++) {
      int workers = WORKERS.get(i);
      double ratio = rows.get(i).median() / one / workers;
      result.checks().add(Check.atLeast(workers + " workers beside linear", 0.9, ratio, ""));
    }
    double possible = OF_ONE_WORKER / (Origin.SLOW.toMillis() / 1000.0);
    result
        .notes()
        .add("Concurrency allows " + Figures.number(possible) + " fetches/s for each worker.");
    result
        .notes()
        .add(
            "The clusters run one after the other, each for all of its rounds: at most "
                + ROUNDS
                + ".");
  }

  private static Measurement measure(Bench bench, int workers, List<String> notes)
      throws Exception {
    String how = workers == 1 ? "gateway and 1 worker" : "gateway and " + workers + " workers";
    Cluster cluster =
        bench.startSeparate(
            how, workers, SlowOrigin.settings(OF_ONE_WORKER, OF_ONE_WORKER * workers));
    try {
      bench.warmUp(cluster);
      notes.add(bench.warmth(cluster));
      Bodies bodies = bench.origin().slow(bench.count(COUNT), Bench.SMALL);
      Comparison comparison =
          new Comparison(bench, bodies, 1, "fetches/s", Math.min(ROUNDS, bench.rounds()));
      comparison.add(new Service(cluster));
      return comparison.run(notes).getFirst();
    } finally {
      bench.close(cluster);
    }
  }
}
