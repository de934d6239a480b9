package io.bgfetch.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** What cases measure with: the origin, bgfetch, a directory for what is temporary. */
final class Bench implements AutoCloseable {

  /** Of a body of the cases that are about how many, not how much. */
  static final long SMALL = 1 << 10;

  private static final int QUICK = 10;

  /** Bodies of which a cluster fetches as many to warm up, several times. */
  static final int WARM_UP = 20_000;

  /** After which a run takes about as long as the one before it; the same for all clusters. */
  private static final int WARM_UPS = 8;

  private static final int WARM_UPS_OF_QUICK = 2;

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
  private final Outputs outputs;
  private final long begun = System.nanoTime();
  private final Map<String, Object> versions;
  private final List<Cluster> clusters = new CopyOnWriteArrayList<>();
  private Optional<Cluster> up = Optional.empty();
  private Optional<Cluster> separate = Optional.empty();
  private final Map<Cluster, String> warmth = new HashMap<>();
  private String doing = "";

  /**
   * @param versions is completed with what only running processes tell
   */
  Bench(Options options, Path bgfetch, Path directory, Origin origin, Map<String, Object> versions)
      throws IOException {
    this.options = options;
    this.bgfetch = bgfetch;
    this.directory = directory;
    this.origin = origin;
    this.outputs = new Outputs(directory);
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

  /** Where tools put what they fetch, in all cases. */
  Outputs outputs() {
    return outputs;
  }

  /** Seconds of processors that all running clusters used so far. */
  double clusterSeconds() {
    return ProcessUsage.cpuSeconds(
        clusters.stream().flatMap(cluster -> cluster.pids().stream()).toList());
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

  /** {@code bgfetch up} as it comes, warm; the same for all cases that ask one after the other. */
  Cluster up() throws Exception {
    if (up.isEmpty()) {
      Cluster started = startUp("up", MANY_REGISTRATIONS);
      up = Optional.of(started);
      warmUp(started);
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

  /** Ends a cluster, and takes its tables and logs off the disk. */
  void close(Cluster cluster) {
    clusters.remove(cluster);
    warmth.remove(cluster);
    cluster.close();
  }

  /** Lets the JVMs of a cluster compile what they will run. */
  void warmUp(Cluster cluster) throws Exception {
    Bodies bodies = origin.bodies(count(WARM_UP), SMALL);
    String what = String.format(Locale.ROOT, "%,d bodies of 1 KiB", bodies.count());
    warmth.put(
        cluster,
        warmUp(
            "bgfetch, " + cluster.how(), what, () -> cluster.run(bodies.urls()).run().seconds()));
  }

  /** What there is to say of the warm-up of a cluster. */
  String warmth(Cluster cluster) {
    return warmth.get(cluster);
  }

  /** Something to warm up with; answers the seconds that it took. */
  interface WarmUp {
    double run() throws Exception;
  }

  /**
   * Does it as often as everything is warmed up.
   *
   * @return what there is to say of it
   */
  String warmUp(String who, String what, WarmUp once) throws Exception {
    int times = options.quick() ? WARM_UPS_OF_QUICK : WARM_UPS;
    List<Double> seconds = new ArrayList<>();
    while (seconds.size() < times) {
      seconds.add(once.run());
      say("%s: warm-up %d with %s, %.1f s", who, seconds.size(), what, seconds.getLast());
    }
    return String.format(
        Locale.ROOT,
        "%s: warmed up with %d x %s; the first took %.1f s, the last %.1f s.",
        who,
        times,
        what,
        seconds.getFirst(),
        seconds.getLast());
  }

  /**
   * Waits until nothing is left of what was measured before: unwritten pages, and work that bgfetch
   * does after its registrations have ended.
   */
  void settle() throws InterruptedException {
    Programs.output("sync");
    long deadline = System.nanoTime() + SETTLING.toNanos() / (options.quick() ? 4 : 1);
    double before = clusterSeconds();
    double load = 0;
    while (System.nanoTime() < deadline) {
      Thread.sleep(LOOK_AGAIN);
      double now = clusterSeconds();
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
