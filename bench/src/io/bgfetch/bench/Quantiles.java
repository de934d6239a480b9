package io.bgfetch.bench;

import java.util.Collection;
import java.util.List;

/** The 50th and the 99th percentile of what was measured in each round, as two rows. */
record Quantiles(Measurement p50, Measurement p99) {

  Quantiles(String how, String unit) {
    this(
        new Measurement("bgfetch", how + ", p50", unit),
        new Measurement("bgfetch", how + ", p99", unit));
  }

  void add(Bench bench, String when, Collection<Double> values) {
    p50.values().add(Figures.quantile(values, 0.5));
    p99.values().add(Figures.quantile(values, 0.99));
    bench.say(
        "%s: p50 %s, p99 %s %s of %,d",
        when,
        Figures.number(p50.values().getLast()),
        Figures.number(p99.values().getLast()),
        p50.unit(),
        values.size());
  }

  List<Measurement> rows() {
    return List.of(p50, p99);
  }
}
