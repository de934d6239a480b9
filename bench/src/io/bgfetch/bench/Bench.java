package io.bgfetch.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What cases measure with: the origin, bgfetch, a directory for what is temporary. */
final class Bench implements AutoCloseable {

  /** Of a body of the cases that are about how many, not how much. */
  static final long SMALL = 1 << 10;

  private static final int QUICK = 10;
  private static final int WARM_UP = 20_000;
  private static final int WARM_UPS = 2;

  private final Options options;
  private final Path bgfetch;
  private final Path directory;
  private final Origin origin;
  private final long begun = System.nanoTime();
  private Optional<Cluster> up = Optional.empty();
  private Optional<Cluster> separate = Optional.empty();
  private String doing = "";

  Bench(Options options, Path bgfetch, Path directory, Origin origin) {
    this.options = options;
    this.bgfetch = bgfetch;
    this.directory = directory;
    this.origin = origin;
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

  /** {@code bgfetch up} as it comes, warm; the same for all cases that ask one after the other. */
  Cluster up() throws Exception {
    if (up.isEmpty()) {
      Cluster started = startUp("up", Map.of());
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

  /** A cluster that the caller closes. */
  Cluster startUp(String how, Map<String, String> settings) throws Exception {
    say("bgfetch, %s: starts", how);
    return Cluster.up(bgfetch, directory, how, settings);
  }

  /** A cluster that the caller closes. */
  Cluster startSeparate(String how, int workers, Map<String, String> settings) throws Exception {
    say("bgfetch, %s: starts", how);
    return Cluster.separate(bgfetch, directory, how, workers, settings);
  }

  /** Lets the JVMs compile what they will run. */
  void warmUp(Cluster cluster) throws Failure, InterruptedException, IOException {
    Bodies bodies = origin.bodies(count(WARM_UP), SMALL);
    for (int i = 1; i <= WARM_UPS; i++) {
      double seconds = cluster.run(bodies.urls()).run().seconds();
      say("bgfetch, %s: warm-up %d of %d, %.1f s", cluster.how(), i, WARM_UPS, seconds);
    }
  }

  /** Writes what others left unwritten, so that nobody pays for it but who made it. */
  static void settle() throws InterruptedException {
    Programs.output("sync");
    Thread.sleep(200);
  }

  void closeSeparate() {
    separate.ifPresent(Cluster::close);
    separate = Optional.empty();
  }

  void closeClusters() {
    closeSeparate();
    up.ifPresent(Cluster::close);
    up = Optional.empty();
  }

  @Override
  public void close() {
    closeClusters();
  }
}
