import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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

  public static void main(String[] args) throws Exception {
    try (Origin origin = new Origin();
        Service service = Service.start(Path.of(args[0]).toRealPath())) {
      service.run(MIDDLE, origin.fast()); // classes are compiled, connections made
      List<Row> rows = new ArrayList<>();
      rows.addAll(newcomers(service, origin));
      Row beside = besideADeadHost(service, origin);
      print(rows, beside);
    }
  }

  // ---- what is measured

  /** Seconds of a small registration on the idle cluster, and while a big one runs. */
  private static List<Row> newcomers(Service service, Origin origin) throws Exception {
    Row same = new Row("10 at the host of the 100,000");
    Row other = new Row("10 at another host");
    Row slow = new Row("10 at a host that takes 500 ms");
    for (int round = 0; round < ROUNDS; round++) {
      same.alone.add(service.run(SMALL, origin.fast()));
      other.alone.add(service.run(SMALL, origin.other()));
      slow.alone.add(service.run(SMALL, origin.slow()));
      String big = service.register(BIG, origin.fast());
      Thread.sleep(SETTLING);
      same.beside.add(service.run(SMALL, origin.fast()));
      other.beside.add(service.run(SMALL, origin.other()));
      slow.beside.add(service.run(SMALL, origin.slow()));
      if (!service.abort(big)) {
        throw new IllegalStateException(
            "the big registration ended too early to measure beside it");
      }
      Thread.sleep(SETTLING);
    }
    return List.of(same, other, slow);
  }

  /** Seconds of 10,000 records without, and with registrations at a host that never answers. */
  private static Row besideADeadHost(Service service, Origin origin) throws Exception {
    Row row = new Row("10,000 beside a dead host");
    for (int round = 0; round < ROUNDS; round++) {
      row.alone.add(service.run(MIDDLE, origin.fast()));
      List<String> dead = new ArrayList<>();
      for (int i = 0; i < DEAD_REGISTRATIONS; i++) {
        dead.add(service.register(DEAD_RECORDS, origin.dead()));
      }
      Thread.sleep(SETTLING);
      row.beside.add(service.run(MIDDLE, origin.fast()));
      for (String uid : dead) {
        service.abort(uid);
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
      double bound = 2 * median(row.alone) + 1;
      print(row, String.format(Locale.ROOT, "at most %.2f s", bound), max(row.beside) <= bound);
    }
    double bound = 1.1 * median(beside.alone);
    String promise = String.format(Locale.ROOT, "median below %.2f s", bound);
    print(beside, promise, median(beside.beside) < bound);
    System.out.printf(
        Locale.ROOT,
        "%n%,d records: %,.0f/s alone, %,.0f/s beside the dead host%n",
        MIDDLE,
        MIDDLE / median(beside.alone),
        MIDDLE / median(beside.beside));
  }

  private static void print(Row row, String promise, boolean kept) {
    System.out.printf(
        Locale.ROOT,
        "%-34s %-24s %-24s %6.2f   %s: %s%n",
        row.name,
        figures(row.alone),
        figures(row.beside),
        median(row.beside) / median(row.alone),
        promise,
        kept ? "kept" : "NOT KEPT");
  }

  private static String figures(List<Double> seconds) {
    double min = seconds.stream().mapToDouble(s -> s).min().orElseThrow();
    return String.format(Locale.ROOT, "%.2f (%.2f, %.2f)", median(seconds), min, max(seconds));
  }

  private static double max(List<Double> seconds) {
    return seconds.stream().mapToDouble(s -> s).max().orElseThrow();
  }

  private static double median(List<Double> seconds) {
    double[] sorted = seconds.stream().mapToDouble(s -> s).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  // ---- the service

  /** {@code bgfetch up} in a process of its own, on a free port, with a directory of its own. */
  private static final class Service implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("ready on (http://\\S+)");
    private static final Pattern UID = Pattern.compile("\"uid\":\"([^\"]+)\"");
    private static final Pattern RESULT = Pattern.compile("\"result\":\"(\\w*)\"");
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final Path directory;
    private final Process process;
    private final HttpClient http =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private String url = "";
    private int registered;

    private Service(Path directory, Process process) {
      this.directory = directory;
      this.process = process;
      Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
    }

    static Service start(Path bgfetch) throws IOException {
      Path directory = Files.createTempDirectory("bgfetch-fairness-");
      ProcessBuilder up =
          new ProcessBuilder(
              bgfetch.toString(), "up", "--port", "0", "--data-dir", directory.toString());
      up.environment().put("BGFETCH_EGRESS_ALLOW", "127.0.0.0/8");
      up.redirectErrorStream(true);
      Service service = new Service(directory, up.start());
      service.awaitReady();
      return service;
    }

    private void awaitReady() throws IOException {
      BufferedReader out = process.inputReader();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        System.out.println(line);
        Matcher ready = READY.matcher(line);
        if (ready.find()) {
          url = ready.group(1);
          return;
        }
      }
      throw new IOException("bgfetch did not start");
    }

    /**
     * Seconds that a registration takes, from the call to its end; infinitely many where they are
     * too many.
     */
    double run(int records, String at) throws IOException, InterruptedException {
      long begun = System.nanoTime();
      String uid = register(records, at);
      while (resultOf(uid).isEmpty()) {
        if (System.nanoTime() - begun > END_WITHIN.toNanos()) {
          abort(uid);
          return Double.POSITIVE_INFINITY;
        }
        Thread.sleep(LOOK_AGAIN);
      }
      if (!resultOf(uid).equals("success")) {
        throw new IOException("a registration at " + at + " failed");
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      System.out.printf(Locale.ROOT, "%,7d records at %s: %.2f s%n", records, at, seconds);
      return seconds;
    }

    /** The uid of a registration of so many records. */
    String register(int records, String at) throws IOException, InterruptedException {
      StringBuilder lines = new StringBuilder();
      lines.append("{\"id\": \"").append(++registered).append("\"}\n");
      for (int i = 0; i < records; i++) {
        lines.append('"').append(at).append(i).append("\"\n");
      }
      HttpRequest call =
          HttpRequest.newBuilder(URI.create(url + "/v1/fetches"))
              .header("Content-Type", "application/x-ndjson")
              .POST(BodyPublishers.ofString(lines.toString()))
              .build();
      return find(UID, send(call, 201));
    }

    private String resultOf(String uid) throws IOException, InterruptedException {
      return find(RESULT, send(HttpRequest.newBuilder(fetch(uid)).build(), 200));
    }

    /** Whether it was still active. */
    boolean abort(String uid) throws IOException, InterruptedException {
      HttpRequest call =
          HttpRequest.newBuilder(URI.create(fetch(uid) + "/abort"))
              .POST(BodyPublishers.noBody())
              .build();
      return send(call, 200).contains("true");
    }

    private URI fetch(String uid) {
      return URI.create(url + "/v1/fetches/" + uid);
    }

    private String send(HttpRequest call, int expected) throws IOException, InterruptedException {
      HttpResponse<String> answer = http.send(call, BodyHandlers.ofString());
      if (answer.statusCode() != expected) {
        throw new IOException(call.uri() + ": " + answer.statusCode() + " " + answer.body());
      }
      return answer.body();
    }

    private static String find(Pattern what, String in) {
      Matcher found = what.matcher(in);
      if (!found.find()) {
        throw new IllegalStateException("no " + what + " in " + in);
      }
      return found.group(1);
    }

    @Override
    public void close() {
      stop();
    }

    private synchronized void stop() {
      process.destroy();
      try {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
      }
      delete(directory);
    }

    private static void delete(Path directory) {
      if (!Files.exists(directory)) {
        return;
      }
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(one);
        }
      } catch (IOException | UncheckedIOException e) {
        System.err.println("left behind: " + directory + " (" + e.getMessage() + ")");
      }
    }
  }

  // ---- the origin

  /** Four hosts, told apart by their ports. */
  private static final class Origin implements AutoCloseable {

    private static final int BACKLOG = 4_096;
    private static final byte[] BODY = "hello".getBytes(StandardCharsets.UTF_8);

    private final HttpServer fast = answering(Duration.ZERO);
    private final HttpServer other = answering(Duration.ZERO);
    private final HttpServer slow = answering(SLOW);
    private final ServerSocket dead =
        new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    private final Queue<Socket> unanswered = new ConcurrentLinkedQueue<>();

    Origin() throws IOException {
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
