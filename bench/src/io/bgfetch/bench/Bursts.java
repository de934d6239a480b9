package io.bgfetch.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

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
    bench.warmUp(i -> burst(bench, cluster, "warm-up " + i, half).ended.seconds());
    for (int round = 1; round <= Math.min(ROUNDS, bench.rounds()); round++) {
      Burst burst = burst(bench, cluster, "round " + round, bench.count(COUNT));
      registered.add(bench.count(COUNT), burst.registered);
      ended.add(bench.count(COUNT), burst.ended);
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

  private static Burst burst(Bench bench, Cluster cluster, String when, int count)
      throws Exception {
    bench.settle();
    Burst burst = burst(bench, cluster, count);
    bench.say(
        "%s: registered %s/s, ended %s/s, %.1f s of CPU",
        when,
        Figures.number(count / burst.registered.seconds()),
        Figures.number(count / burst.ended.seconds()),
        burst.ended.cpuSeconds());
    return burst;
  }

  private static Burst burst(Bench bench, Cluster cluster, int count) throws Exception {
    Bodies bodies = bench.origin().bodies(bench.count(FILES), Bench.SMALL).times(count);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(cluster.nextId());
    }
    try (Ends ends = Ends.of(cluster.api());
        ProcessUsage usage = ProcessUsage.of(cluster.pids())) {
      long begun = System.nanoTime();
      register(cluster.api(), ids, bodies);
      Run registered = since(begun, System.nanoTime(), usage);
      long last = begun;
      for (String id : ids) {
        last = Math.max(last, ends.await(id, ENDING));
      }
      return new Burst(registered, since(begun, last, usage));
    }
  }

  private static Run since(long begun, long ended, ProcessUsage usage) {
    return new Run((ended - begun) / 1e9, usage.cpuSeconds(), usage.peakBytes());
  }

  private static void register(Api api, List<String> ids, Bodies bodies) throws Exception {
    AtomicInteger next = new AtomicInteger();
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        all.add(clients.submit(() -> registerUntilDone(api, ids, bodies, next)));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private static Void registerUntilDone(
      Api api, List<String> ids, Bodies bodies, AtomicInteger next) throws Exception {
    for (int i = next.getAndIncrement(); i < ids.size(); i = next.getAndIncrement()) {
      api.registerOne(ids.get(i), bodies.url(i));
    }
    return null;
  }
}
