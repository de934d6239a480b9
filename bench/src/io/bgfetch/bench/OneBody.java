package io.bgfetch.bench;

import java.util.List;
import java.util.Locale;

/** One large body. */
final class OneBody implements Case {

  private static final double MIB = 1 << 20;

  private final String id;
  private final int mebibytes;

  OneBody(String id, int mebibytes) {
    this.id = id;
    this.mebibytes = mebibytes;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String title(Bench bench) {
    return String.format(Locale.ROOT, "one body of %,d MiB", bench.count(mebibytes));
  }

  @Override
  public void measure(Bench bench, Result result) throws Exception {
    bench.closeSeparate();
    long size = (long) bench.count(mebibytes) << 20;
    Bodies body = bench.origin().bodies(1, size);
    Comparison comparison = new Comparison(bench, body, size / MIB, "MiB/s");
    Service service = new Service(bench.up());
    Run warmUp = service.fetch(body);
    bench.say("bgfetch, %s: warm-up with this body, %.1f s", service.how(), warmUp.seconds());
    comparison.add(service);
    result.notes().add(bench.warmth(bench.up()));
    for (Tool.Kind kind : List.of(Tool.Kind.CURL, Tool.Kind.WGET2, Tool.Kind.ARIA2)) {
      comparison.add(new Tool(bench, kind, 1));
    }
    comparison.add(new Tool(bench, Tool.Kind.ARIA2_SPLIT, 16));
    List<Measurement> rows = comparison.run(result.notes());
    bench.origin().forget(size);
    result.rows().addAll(rows);
    Measurement own = rows.get(0);
    Measurement curl = rows.get(1);
    if (own.isMeasured() && curl.isMeasured()) {
      double ratio = own.median() / curl.median();
      result.checks().add(Check.atLeast("bgfetch beside curl", 0.9, ratio, ""));
    }
  }
}
