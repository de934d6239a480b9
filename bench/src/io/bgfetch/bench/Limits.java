package io.bgfetch.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What limits of hosts, and sharing between tenants, cost where they do not hold anything up. */
final class Limits implements Case {

  private static final int COUNT = 20_000;
  private static final int TENANTS = 5;
  private static final int REGISTRATIONS = 20;

  @Override
  public String id() {
    return "limits";
  }

  @Override
  public String title(Bench bench) {
    return String.format(
        Locale.ROOT, "%,d bodies of 1 KiB, limits and fairness on and off", bench.count(COUNT));
  }

  @Override
  public void measure(Bench bench, Result result) throws Exception {
    bench.closeClusters();
    List<String> keys = IntStream.range(0, TENANTS).mapToObj(Limits::key).toList();
    Cluster off = bench.startUp("limits off, one registration", off(keys));
    Cluster on = bench.startUp("limits on, one registration", on(keys));
    bench.warmUp(off);
    bench.warmUp(on);
    Bodies bodies = bench.origin().bodies(bench.count(COUNT), Bench.SMALL);
    Comparison comparison = new Comparison(bench, bodies, 1, "fetches/s");
    for (Program program :
        List.of(
            new Service(off),
            new Service(on),
            new Tenants("limits off", off, keys.subList(0, 1), REGISTRATIONS),
            new Tenants("limits on", on, keys, REGISTRATIONS))) {
      program.fetch(bodies);
      comparison.add(program);
    }
    List<Measurement> rows = comparison.run(result.notes());
    result.rows().addAll(rows);
    result.notes().addAll(List.of(bench.warmth(off), bench.warmth(on)));
    for (int i = 0; i < rows.size(); i += 2) {
      Measurement without = rows.get(i);
      Measurement with = rows.get(i + 1);
      double ratio = with.median() / without.median();
      result.checks().add(Check.atLeast(with.how() + ", beside " + without.how(), 0.9, ratio, ""));
    }
    result
        .notes()
        .add(
            "Off: no limit of the host (100,000 at once), the worker runs 64. On: 64 at once and"
                + " 1,000,000 a second at the host, which is never reached; the worker runs 256."
                + " So 64 run at once in either.");
    result
        .notes()
        .add(
            "Fairness cannot be switched off. What it has to share is nothing for one registration,"
                + " and most for several of several tenants, here one POST after the other.");
    bench.close(off);
    bench.close(on);
  }

  private static Map<String, String> off(List<String> keys) {
    return with(keys, SlowOrigin.settings(64, 100_000));
  }

  private static Map<String, String> on(List<String> keys) {
    Map<String, String> settings = new HashMap<>(SlowOrigin.settings(256, 64));
    settings.put("BGFETCH_HOST_RATE", "1000000");
    return with(keys, settings);
  }

  private static Map<String, String> with(List<String> keys, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put(
        Cluster.API_KEYS,
        keys.stream().map(key -> "tenant-" + key + ":" + key).collect(Collectors.joining(",")));
    return all;
  }

  private static String key(int tenant) {
    return "key-of-the-bench-" + tenant;
  }

  /** The same bodies as registrations of several tenants at once. */
  private static final class Tenants implements Program {

    private final String limits;
    private final Cluster cluster;
    private final List<String> keys;
    private final int registrations;

    Tenants(String limits, Cluster cluster, List<String> keys, int registrations) {
      this.limits = limits;
      this.cluster = cluster;
      this.keys = keys;
      this.registrations = registrations;
    }

    @Override
    public String name() {
      return "bgfetch";
    }

    @Override
    public String how() {
      String tenants = keys.size() == 1 ? "one tenant" : keys.size() + " tenants";
      return limits + ", " + registrations + " registrations of " + tenants;
    }

    private record Part(Api api, String uid, Bodies bodies) {}

    @Override
    public Run fetch(Bodies bodies) throws Failure, InterruptedException {
      List<Api> apis = keys.stream().map(cluster.api()::as).toList();
      int each = bodies.count() / registrations;
      List<Part> parts = new ArrayList<>();
      try (ProcessUsage usage = ProcessUsage.of(cluster.pids())) {
        long begun = System.nanoTime();
        for (int i = 0; i < registrations; i++) {
          Api api = apis.get(i % apis.size());
          Bodies some = bodies.part(i * each, each);
          parts.add(new Part(api, api.register(cluster.nextId(), some.urls()), some));
        }
        for (Part part : parts) {
          part.api.awaitSuccess(part.uid, Cluster.ENDING);
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        Run run = new Run(seconds, usage.cpuSeconds(), usage.peakBytes());
        for (Part part : parts) {
          Service.verify(part.api, part.uid, part.bodies);
        }
        return run;
      } finally {
        apis.forEach(Api::close);
      }
    }
  }
}
