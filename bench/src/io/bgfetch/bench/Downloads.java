package io.bgfetch.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Many bodies of one size: bgfetch beside the tools. */
final class Downloads implements Case {

  private static final List<Integer> CONNECTIONS = List.of(16, 64, 256);
  private static final String UNIT = "fetches/s";

  private final String id;
  private final int count;
  private final long size;
  private final boolean alsoSeparate;

  Downloads(String id, int count, long size, boolean alsoSeparate) {
    this.id = id;
    this.count = count;
    this.size = size;
    this.alsoSeparate = alsoSeparate;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String title(Bench bench) {
    return String.format(Locale.ROOT, "%,d bodies of %d KiB", bench.count(count), size >> 10);
  }

  @Override
  public void measure(Bench bench, Result result) throws Exception {
    Bodies bodies = bench.origin().bodies(bench.count(count), size);
    Comparison comparison = new Comparison(bench, bodies, 1, UNIT);
    if (!alsoSeparate) {
      bench.closeSeparate();
    }
    for (Cluster cluster :
        alsoSeparate ? List.of(bench.up(), bench.separate()) : List.of(bench.up())) {
      Service service = new Service(cluster);
      Run warmUp = service.fetch(bodies);
      bench.say("bgfetch, %s: warm-up with these bodies, %.1f s", service.how(), warmUp.seconds());
      comparison.add(service);
    }
    try (Outputs outputs = new Outputs(bench.directory())) {
      for (Tool.Kind kind : List.of(Tool.Kind.CURL, Tool.Kind.WGET2, Tool.Kind.ARIA2)) {
        comparison.addFastest(tools(kind, outputs), result.notes());
      }
      result.rows().addAll(comparison.run());
    }
    bench
        .firstBodies()
        .ifPresent(
            seconds ->
                result
                    .notes()
                    .add(
                        String.format(
                            Locale.ROOT,
                            "A JVM that has just started is slow: %s s for the first %,d bodies of"
                                + " 1 KiB after the start of bgfetch up. Rows are of a warm one.",
                            Figures.number(seconds),
                            bench.count(Bench.WARM_UP))));
    result.fastestTool().ifPresent(fastest -> check(result, fastest));
    result.rows().add(Wrk.ceiling(bench, bodies, 64));
  }

  private static List<Program> tools(Tool.Kind kind, Outputs outputs) {
    return CONNECTIONS.stream().<Program>map(most -> new Tool(kind, most, outputs)).toList();
  }

  private static void check(Result result, Measurement fastest) {
    Stream<Measurement> own = result.rows().stream().filter(row -> row.program().equals("bgfetch"));
    List<Check> checks =
        own.map(
                row ->
                    Check.atLeast(
                        row.title() + ", beside the fastest tool, " + fastest.title(),
                        1.0,
                        row.median() / fastest.median(),
                        ""))
            .toList();
    result.checks().addAll(checks);
  }
}
