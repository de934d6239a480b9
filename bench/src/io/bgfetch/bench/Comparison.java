package io.bgfetch.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Programs that fetch the same bodies, one after the other, in rounds. */
final class Comparison {

  /** A tool that hangs takes a minute each time. */
  private static final int GIVEN_UP_AFTER = 2;

  /** Seconds of a run after which so few rounds have to do. */
  private static final double SLOW = 10;

  private static final int ROUNDS_OF_SLOW = 2;

  /** The part of the bodies that is enough to choose a number of connections by. */
  private static final int TO_CHOOSE_BY = 5;

  private final Bench bench;
  private final Bodies bodies;
  private final double ofEach;
  private final String unit;
  private final int rounds;
  private final List<Entry> entries = new ArrayList<>();

  private record Entry(Program program, Measurement row) {
    boolean isEnough(double amount) {
      return row.failures().size() == GIVEN_UP_AFTER
          || (row.values().size() == ROUNDS_OF_SLOW && amount / row.median() > SLOW);
    }
  }

  /**
   * @param ofEach how much a body is, in the unit's terms: 1, or its MiB
   * @param unit of it in a second
   */
  Comparison(Bench bench, Bodies bodies, double ofEach, String unit) {
    this(bench, bodies, ofEach, unit, bench.rounds());
  }

  /** The same with a number of rounds of its own. */
  Comparison(Bench bench, Bodies bodies, double ofEach, String unit, int rounds) {
    this.rounds = rounds;
    this.bench = bench;
    this.bodies = bodies;
    this.ofEach = ofEach;
    this.unit = unit;
  }

  void add(Program program) {
    entries.add(new Entry(program, new Measurement(program.name(), program.how(), unit)));
  }

  /** The one that is fastest in a single run with a part of the bodies; all of them are told. */
  void addFastest(List<Program> candidates, List<String> notes) throws InterruptedException {
    Bodies few = bodies.part(0, Math.max(1, bodies.count() / TO_CHOOSE_BY));
    Program best = candidates.getFirst();
    double most = 0;
    List<String> told = new ArrayList<>();
    for (Program candidate : candidates) {
      Measurement row = new Measurement(candidate.name(), candidate.how(), unit);
      run(candidate, row, "to choose by", few);
      double speed = row.isMeasured() ? row.median() : 0;
      told.add(
          candidate.how()
              + ": "
              + (row.isMeasured() ? Figures.number(speed) : row.failures().getFirst()));
      if (speed > most) {
        best = candidate;
        most = speed;
      }
    }
    notes.add(
        best.name()
            + " in "
            + unit
            + " for a fifth of the bodies, once each: "
            + String.join("; ", told)
            + ".");
    add(best);
  }

  /** Measures all, each time beginning with another one. */
  List<Measurement> run() throws InterruptedException {
    List<Entry> order = new ArrayList<>(entries);
    for (int round = 1; round <= rounds; round++) {
      for (Entry entry : order) {
        if (!entry.isEnough(ofEach * bodies.count())) {
          run(entry.program, entry.row, "round " + round, bodies);
        }
      }
      Collections.rotate(order, -1);
    }
    return entries.stream().map(Entry::row).toList();
  }

  private void run(Program program, Measurement row, String when, Bodies some)
      throws InterruptedException {
    bench.settle();
    try {
      Run run = program.fetch(some);
      double amount = ofEach * some.count();
      row.add(amount, run);
      bench.say(
          "%s, %s: %.2f s = %s %s, %.1f s of CPU, %,d MiB",
          when,
          row.title(),
          run.seconds(),
          Figures.number(amount / run.seconds()),
          unit,
          run.cpuSeconds(),
          run.peakBytes() >> 20);
    } catch (Failure e) {
      row.failures().add(String.format(Locale.ROOT, "%s: %s", when, e.getMessage()));
      bench.say("%s, %s: FAILED: %s", when, row.title(), e.getMessage());
    }
  }
}
