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
      result.notes().add(bench.warmth(cluster));
    }
    for (Tool.Kind kind : List.of(Tool.Kind.CURL, Tool.Kind.WGET2, Tool.Kind.ARIA2)) {
      comparison.addFastest(tools(bench, kind), result.notes());
    }
    result.rows().addAll(comparison.run(result.notes()));
    result.fastestTool().ifPresent(fastest -> check(result, fastest));
    result.rows().add(Wrk.ceiling(bench, bodies, 64));
  }

  private static List<Program> tools(Bench bench, Tool.Kind kind) {
    return CONNECTIONS.stream().<Program>map(most -> new Tool(bench, kind, most)).toList();
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
