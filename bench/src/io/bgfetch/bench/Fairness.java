package io.bgfetch.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * Starts bgfetch with everything it needs, and an origin on loopback, and measures what a small
 * registration and a healthy host notice of others: {@code bench/fairness}. Rounds with and without
 * the others alternate, so that a machine that gets slower does so for both.
 */
public final class Fairness {

  private static final int ROUNDS = 3;
  private static final int SMALL = 10;
  private static final int BIG = 100_000;
  private static final int MIDDLE = 10_000;
  private static final int DEAD_REGISTRATIONS = 8;
  private static final int DEAD_RECORDS = 1_000;
  private static final Duration SLOW = Duration.ofMillis(500);
  private static final Duration END_WITHIN = Duration.ofSeconds(60);
  private static final Duration SETTLING = Duration.ofSeconds(2);

  private final Cluster cluster;
  private final Hosts origin;

  private Fairness(Cluster cluster, Hosts origin) {
    this.cluster = cluster;
    this.origin = origin;
  }

  /**
   * @param args the root of the repository
   */
  public static void main(String[] args) throws Exception {
    Path bgfetch = Path.of(args[0]).toRealPath().resolve("bgfetch");
    try (Owned owned = new Owned()) {
      owned.closeAtExit();
      Path directory = Directories.create(Optional.empty());
      owned.addClosing(() -> Directories.delete(directory));
      Hosts origin = owned.add(new Hosts());
      Cluster cluster = owned.add(Cluster.up(bgfetch, directory, "up", Map.of()));
      Fairness fairness = new Fairness(cluster, origin);
      fairness.run(MIDDLE, origin.fast()); // classes are compiled, connections made
      List<Row> rows = new ArrayList<>(fairness.newcomers());
      print(rows, fairness.besideADeadHost());
    }
  }

  // ---- what is measured

  /** Seconds of a small registration on the idle cluster, and while a big one runs. */
  private List<Row> newcomers() throws Exception {
    Row same = new Row("10 at the host of the 100,000");
    Row other = new Row("10 at another host");
    Row slow = new Row("10 at a host that takes 500 ms");
    for (int round = 0; round < ROUNDS; round++) {
      same.alone.add(run(SMALL, origin.fast()));
      other.alone.add(run(SMALL, origin.other()));
      slow.alone.add(run(SMALL, origin.slow()));
      String big = register(BIG, origin.fast());
      Thread.sleep(SETTLING);
      same.beside.add(run(SMALL, origin.fast()));
      other.beside.add(run(SMALL, origin.other()));
      slow.beside.add(run(SMALL, origin.slow()));
      if (!cluster.api().abort(big)) {
        throw new IllegalStateException(
            "the big registration ended too early to measure beside it");
      }
      Thread.sleep(SETTLING);
    }
    return List.of(same, other, slow);
  }

  /** Seconds of 10,000 records without, and with registrations at a host that never answers. */
  private Row besideADeadHost() throws Exception {
    Row row = new Row("10,000 beside a dead host");
    for (int round = 0; round < ROUNDS; round++) {
      row.alone.add(run(MIDDLE, origin.fast()));
      List<String> dead = new ArrayList<>();
      for (int i = 0; i < DEAD_REGISTRATIONS; i++) {
        dead.add(register(DEAD_RECORDS, origin.dead()));
      }
      Thread.sleep(SETTLING);
      row.beside.add(run(MIDDLE, origin.fast()));
      for (String uid : dead) {
        cluster.api().abort(uid);
      }
      Thread.sleep(SETTLING);
    }
    return row;
  }

  /** Seconds, alone and beside others. */
  private record Row(String name, List<Double> alone, List<Double> beside) {
    Row(String name) {
      this(name, new ArrayList<>(), new ArrayList<>());
    }
  }

  private static void print(List<Row> newcomers, Row beside) {
    System.out.printf(
        "%n%-34s %-24s %-24s %6s   %s%n",
        "seconds from POST to end",
        "alone: median (min, max)",
        "beside: median (min, max)",
        "ratio",
        "promised");
    for (Row row : newcomers) {
      double bound = 2 * Figures.median(row.alone) + 1;
      print(
          row,
          String.format(Locale.ROOT, "at most %.2f s", bound),
          Collections.max(row.beside) <= bound);
    }
    double bound = 1.1 * Figures.median(beside.alone);
    String promise = String.format(Locale.ROOT, "median below %.2f s", bound);
    print(beside, promise, Figures.median(beside.beside) < bound);
    System.out.printf(
        Locale.ROOT,
        "%n%,d records: %,.0f/s alone, %,.0f/s beside the dead host%n",
        MIDDLE,
        MIDDLE / Figures.median(beside.alone),
        MIDDLE / Figures.median(beside.beside));
  }

  private static void print(Row row, String promise, boolean kept) {
    System.out.printf(
        Locale.ROOT,
        "%-34s %-24s %-24s %6.2f   %s: %s%n",
        row.name,
        figures(row.alone),
        figures(row.beside),
        Figures.median(row.beside) / Figures.median(row.alone),
        promise,
        kept ? "kept" : "NOT KEPT");
  }

  private static String figures(List<Double> seconds) {
    return String.format(
        Locale.ROOT,
        "%.2f (%.2f, %.2f)",
        Figures.median(seconds),
        Collections.min(seconds),
        Collections.max(seconds));
  }

  // ---- registrations

  /**
   * Seconds that a registration takes, from the call to its end; infinitely many where they are too
   * many.
   */
  private double run(int records, String at) throws Failure, InterruptedException {
    long begun = System.nanoTime();
    String uid = register(records, at);
    try {
      cluster.api().awaitSuccess(uid, END_WITHIN);
    } catch (Api.NotYet tooLong) {
      cluster.api().abort(uid);
      return Double.POSITIVE_INFINITY;
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    System.out.printf(Locale.ROOT, "%,7d records at %s: %.2f s%n", records, at, seconds);
    return seconds;
  }

  private String register(int records, String at) throws Failure, InterruptedException {
    List<String> urls = IntStream.range(0, records).mapToObj(i -> at + i).toList();
    return cluster.api().register(cluster.nextId(), urls);
  }

  // ---- the origin

  /** Four hosts, told apart by their ports. */
  private static final class Hosts implements AutoCloseable {

    private static final int BACKLOG = 4_096;
    private static final byte[] BODY = "hello".getBytes(StandardCharsets.UTF_8);

    private final HttpServer fast = answering(Duration.ZERO);
    private final HttpServer other = answering(Duration.ZERO);
    private final HttpServer slow = answering(SLOW);
    private final ServerSocket dead =
        new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    private final Queue<Socket> unanswered = new ConcurrentLinkedQueue<>();

    Hosts() throws IOException {
      Thread.ofVirtual().start(this::acceptAndSayNothing);
    }

    private static HttpServer answering(Duration after) throws IOException {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", exchange -> answer(exchange, after));
      server.start();
      return server;
    }

    private static void answer(HttpExchange exchange, Duration after) throws IOException {
      try (exchange) {
        Thread.sleep(after);
        exchange.sendResponseHeaders(200, BODY.length);
        exchange.getResponseBody().write(BODY);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void acceptAndSayNothing() {
      try {
        while (true) {
          unanswered.add(dead.accept());
        }
      } catch (IOException closed) {
        // the end
      }
    }

    String fast() {
      return url(fast.getAddress().getPort());
    }

    String other() {
      return url(other.getAddress().getPort());
    }

    String slow() {
      return url(slow.getAddress().getPort());
    }

    String dead() {
      return url(dead.getLocalPort());
    }

    private static String url(int port) {
      return "http://127.0.0.1:" + port + "/";
    }

    @Override
    public void close() throws IOException {
      dead.close();
      for (Socket socket : unanswered) {
        socket.close();
      }
      for (HttpServer server : Arrays.asList(fast, other, slow)) {
        server.stop(0);
      }
    }
  }
}
