package io.bgfetch.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Many clients that register one URL each, over and over. */
final class Bursts implements Case {

  private static final int COUNT = 10_000;
  private static final int CLIENTS = 32;
  private static final int ROUNDS = 3;
  private static final int TARGET = 2_000;
  private static final int FILES = 20_000;
  private static final Duration ENDING = Duration.ofMinutes(2);

  @Override
  public String id() {
    return "j";
  }

  @Override
  public String title(Bench bench) {
    return String.format(
        Locale.ROOT,
        "%,d registrations of one URL each, from %d clients",
        bench.count(COUNT),
        CLIENTS);
  }

  @Override
  public void measure(Bench bench, Result result) throws Exception {
    bench.closeSeparate();
    Cluster cluster = bench.up();
    Measurement registered = new Measurement("bgfetch", "up, registered", "registrations/s");
    Measurement ended = new Measurement("bgfetch", "up, ended", "registrations/s");
    int half = bench.count(COUNT) / 2;
    result.notes().add(bench.warmth(cluster));
    result
        .notes()
        .add(
            bench.warmUp(
                "bgfetch, " + cluster.how(),
                String.format(Locale.ROOT, "%,d registrations", half),
                () -> burst(bench, cluster, half).ended.seconds()));
    for (int round = 1; round <= Math.min(ROUNDS, bench.rounds()); round++) {
      bench.settle();
      Burst burst = burst(bench, cluster, bench.count(COUNT));
      registered.add(bench.count(COUNT), burst.registered);
      ended.add(bench.count(COUNT), burst.ended);
      bench.say(
          "round %d: registered %s/s, ended %s/s, %.1f s of CPU",
          round,
          Figures.number(registered.values().getLast()),
          Figures.number(ended.values().getLast()),
          burst.ended.cpuSeconds());
    }
    result.rows().addAll(List.of(registered, ended));
    result.checks().add(Check.atLeast("registered", TARGET, registered.median(), "/s"));
    result.checks().add(Check.atLeast("ended", TARGET, ended.median(), "/s"));
    result
        .notes()
        .add(
            "Registered: until the last 201. Ended: until the last end event at a subscriber of"
                + " /v1/events. 1,000,000 registrations may be active. The clients are in the JVM"
                + " of the benchmark and use the same processors.");
  }

  private record Burst(Run registered, Run ended) {}

  private static Burst burst(Bench bench, Cluster cluster, int count) throws Exception {
    Bodies bodies = bench.origin().bodies(bench.count(FILES), Bench.SMALL).times(count);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(cluster.nextId());
    }
    String[] uids = new String[count];
    try (Ends ends = Ends.of(cluster.api());
        ProcessUsage usage = ProcessUsage.of(cluster.pids())) {
      long begun = System.nanoTime();
      Clients.each(
          CLIENTS, count, i -> uids[i] = cluster.api().registerOne(ids.get(i), bodies.url(i)));
      Run registered = since(begun, System.nanoTime(), usage);
      long last = begun;
      for (String id : ids) {
        last = Math.max(last, ends.await(id, ENDING));
      }
      Burst burst = new Burst(registered, since(begun, last, usage));
      Clients.each(
          CLIENTS, count, i -> Service.verifyBody(cluster.api(), uids[i], bodies.part(i, 1), 0));
      return burst;
    }
  }

  private static Run since(long begun, long ended, ProcessUsage usage) {
    return new Run((ended - begun) / 1e9, usage.cpuSeconds(), usage.peakBytes());
  }
}
