package io.bgfetch.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Programs that fetch the same bodies, one after the other, in rounds. */
final class Comparison {

  /** A tool that hangs takes a minute each time. */
  private static final int GIVEN_UP_AFTER = 2;

  /** Seconds of a run after which so few rounds have to do. */
  private static final double SLOW = 10;

  private static final int ROUNDS_OF_SLOW = 2;

  /** The part of the bodies that is enough to choose a number of connections by. */
  private static final int TO_CHOOSE_BY = 5;

  private static final int RUNS_TO_CHOOSE_BY = 3;

  /** Seconds of such a run after which one has to do. */
  private static final double SURE = 2;

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

    boolean isEnoughToChoose(double amount) {
      return !row.failures().isEmpty() || (row.isMeasured() && amount / row.median() > SURE);
    }

    /** 0 if it failed. */
    double speed() {
      return row.failures().isEmpty() ? row.median() : 0;
    }

    String told() {
      return row.failures().isEmpty()
          ? row.how() + " " + Figures.number(speed()) + " (" + row.values().size() + ")"
          : row.how() + " " + row.failures().getFirst();
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
    entries.add(entry(program));
  }

  private Entry entry(Program program) {
    return new Entry(program, new Measurement(program.name(), program.how(), unit));
  }

  /** The one that is fastest in some runs with a part of the bodies; all of them are told. */
  void addFastest(List<Program> candidates, List<String> notes) throws InterruptedException {
    Bodies few = bodies.part(0, Math.max(1, bodies.count() / TO_CHOOSE_BY));
    List<Entry> all = candidates.stream().map(this::entry).toList();
    for (int i = 1; i <= RUNS_TO_CHOOSE_BY; i++) {
      for (Entry entry : all) {
        if (!entry.isEnoughToChoose(ofEach * few.count())) {
          run(entry, "to choose by, " + i, few);
        }
      }
    }
    Program best = Collections.max(all, Comparator.comparingDouble(Entry::speed)).program;
    notes.add(
        String.format(
            Locale.ROOT,
            "%s in %s for a fifth of the bodies, medians (of so many runs): %s.",
            best.name(),
            unit,
            all.stream().map(Entry::told).collect(Collectors.joining("; "))));
    add(best);
  }

  /** Measures all, each time beginning with another one. */
  List<Measurement> run(List<String> notes) throws InterruptedException {
    List<Entry> order = new ArrayList<>(entries);
    for (int round = 1; round <= rounds; round++) {
      for (Entry entry : order) {
        if (!entry.isEnough(ofEach * bodies.count())) {
          run(entry, "round " + round, bodies);
        }
      }
      Collections.rotate(order, -1);
    }
    List<Measurement> rows = entries.stream().map(Entry::row).toList();
    List<Double> beside = rows.stream().flatMap(row -> row.beside().stream()).toList();
    if (!beside.isEmpty()) {
      notes.add(
          String.format(
              Locale.ROOT,
              "bgfetch, idle beside them, used %.3f processors while the tools ran (%.3f to %.3f).",
              beside.stream().mapToDouble(one -> one).sum() / beside.size(),
              Collections.min(beside),
              Collections.max(beside)));
    }
    return rows;
  }

  private void run(Entry entry, String when, Bodies some) throws InterruptedException {
    Measurement row = entry.row;
    bench.settle();
    try {
      Run run = entry.program.fetch(some);
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
