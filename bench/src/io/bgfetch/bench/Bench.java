package io.bgfetch.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CopyOnWriteArrayList;

/** What cases measure with: the origin, bgfetch, a directory for what is temporary. */
final class Bench implements AutoCloseable {

  /** Of a body of the cases that are about how many, not how much. */
  static final long SMALL = 1 << 10;

  private static final int QUICK = 10;

  /** Bodies of which a cluster fetches as many to warm up, several times. */
  static final int WARM_UP = 20_000;

  private static final int MOST_WARM_UPS = 8;

  /** The part of the time before that is no real improvement. */
  private static final double HARDLY_FASTER = 0.95;

  private static final Duration SETTLING = Duration.ofSeconds(6);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  /** So that (j) is not refused; it changes nothing else. */
  private static final Map<String, String> MANY_REGISTRATIONS =
      Map.of("BGFETCH_ACTIVE_REGISTRATIONS", "1000000");

  /** Of one processor. */
  private static final double QUIET = 0.2;

  private final Options options;
  private final Path bgfetch;
  private final Path directory;
  private final Origin origin;
  private final long begun = System.nanoTime();
  private final Map<String, Object> versions;
  private final List<Cluster> clusters = new CopyOnWriteArrayList<>();
  private Optional<Cluster> up = Optional.empty();
  private Optional<Cluster> separate = Optional.empty();
  private OptionalDouble firstBodies = OptionalDouble.empty();
  private String doing = "";

  /**
   * @param versions is completed with what only running processes tell
   */
  Bench(
      Options options, Path bgfetch, Path directory, Origin origin, Map<String, Object> versions) {
    this.options = options;
    this.bgfetch = bgfetch;
    this.directory = directory;
    this.origin = origin;
    this.versions = versions;
  }

  int rounds() {
    return options.rounds();
  }

  boolean isQuick() {
    return options.quick();
  }

  /** How many there are of something: a tenth in a quick run. */
  int count(int full) {
    return options.quick() ? Math.max(1, full / QUICK) : full;
  }

  Path directory() {
    return directory;
  }

  Origin origin() {
    return origin;
  }

  /** Says what goes on, with the time and the present case in front. */
  void say(String format, Object... arguments) {
    long seconds = (System.nanoTime() - begun) / 1_000_000_000;
    String what = String.format(Locale.ROOT, format, arguments);
    System.out.printf(Locale.ROOT, "%2d:%02d %-8s %s%n", seconds / 60, seconds % 60, doing, what);
  }

  void begin(Case next) {
    doing = "[" + next.id() + "]";
    say("%s", next.title(this));
  }

  /** Seconds that the first bodies took after the start of {@link #up}, which are not warm. */
  OptionalDouble firstBodies() {
    return firstBodies;
  }

  /** {@code bgfetch up} as it comes, warm; the same for all cases that ask one after the other. */
  Cluster up() throws Exception {
    if (up.isEmpty()) {
      Cluster started = startUp("up", MANY_REGISTRATIONS);
      up = Optional.of(started);
      firstBodies = OptionalDouble.of(warmUp(started));
    }
    return up.get();
  }

  /** Backends, a gateway and a worker as processes of their own, warm. */
  Cluster separate() throws Exception {
    if (separate.isEmpty()) {
      Cluster started = startSeparate("gateway and worker", 1, Map.of());
      separate = Optional.of(started);
      warmUp(started);
    }
    return separate.get();
  }

  /** A cluster of the caller, who closes it by {@link #close(Cluster)}. */
  Cluster startUp(String how, Map<String, String> settings) throws Exception {
    say("bgfetch, %s: starts", how);
    return added(Cluster.up(bgfetch, directory, how, settings));
  }

  /** A cluster of the caller, who closes it by {@link #close(Cluster)}. */
  Cluster startSeparate(String how, int workers, Map<String, String> settings) throws Exception {
    say("bgfetch, %s: starts", how);
    return added(Cluster.separate(bgfetch, directory, how, workers, settings));
  }

  /** Backends and a gateway, without workers. */
  Cluster startGateway(String how, String heap) throws Exception {
    say("bgfetch, %s: starts", how);
    return added(Cluster.gatewayOnly(bgfetch, directory, how, heap));
  }

  private Cluster added(Cluster started) throws IOException {
    clusters.add(started);
    versions.putIfAbsent("Java (bgfetch)", Machine.javaOf(started.gatewayPid()));
    started.pids().stream()
        .flatMap(pid -> Machine.postgresBelow(pid).stream())
        .findFirst()
        .ifPresent(version -> versions.putIfAbsent("Postgres (embedded)", version));
    return started;
  }

  /** Ends a cluster, and takes what it stored off the disk. */
  void close(Cluster cluster) {
    clusters.remove(cluster);
    cluster.close();
  }

  /**
   * Lets the JVMs of a cluster compile what they will run.
   *
   * @return seconds of the first run after the start
   */
  double warmUp(Cluster cluster) throws Exception {
    Bodies bodies = origin.bodies(count(WARM_UP), SMALL);
    return warmUp(
        number -> {
          double seconds = cluster.run(bodies.urls()).run().seconds();
          say(
              "bgfetch, %s: warm-up %d with %,d bodies of 1 KiB, %.1f s",
              cluster.how(), number, bodies.count(), seconds);
          return seconds;
        });
  }

  /** Something to warm up with; answers the seconds that it took. */
  interface WarmUp {
    double run(int number) throws Exception;
  }

  /**
   * Does it until that is hardly any faster than before.
   *
   * @return seconds of the first time
   */
  double warmUp(WarmUp once) throws Exception {
    double first = once.run(1);
    double best = first;
    for (int i = 2; i <= (options.quick() ? 2 : MOST_WARM_UPS); i++) {
      double seconds = once.run(i);
      if (seconds > best * HARDLY_FASTER) {
        break;
      }
      best = seconds;
    }
    return first;
  }

  /**
   * Waits until nothing is left of what was measured before: unwritten pages, and work that bgfetch
   * does after its registrations have ended.
   */
  void settle() throws InterruptedException {
    Programs.output("sync");
    List<Long> pids = clusters.stream().flatMap(cluster -> cluster.pids().stream()).toList();
    long deadline = System.nanoTime() + SETTLING.toNanos() / (options.quick() ? 4 : 1);
    double before = ProcessUsage.cpuSeconds(pids);
    double load = 0;
    while (System.nanoTime() < deadline) {
      Thread.sleep(LOOK_AGAIN);
      double now = ProcessUsage.cpuSeconds(pids);
      load = (now - before) * 1_000 / LOOK_AGAIN.toMillis();
      if (load < QUIET) {
        return;
      }
      before = now;
    }
    say("bgfetch still uses %.2f processors", load);
  }

  void closeSeparate() {
    separate.ifPresent(this::close);
    separate = Optional.empty();
  }

  /** Ends all that run. */
  void closeClusters() {
    List.copyOf(clusters).forEach(this::close);
    separate = Optional.empty();
    up = Optional.empty();
  }

  @Override
  public void close() {
    closeClusters();
  }
}
