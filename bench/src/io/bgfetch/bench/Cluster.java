package io.bgfetch.bench;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A running bgfetch with a directory of its own: one process, or several. */
final class Cluster implements AutoCloseable {

  /** The setting with the keys of tenants. Calls are made as the first of them. */
  static final String API_KEYS = "BGFETCH_API_KEYS";

  private static final Duration STARTING = Duration.ofMinutes(2);

  /** Within which any registration ends. */
  static final Duration ENDING = Duration.ofMinutes(10);

  private static final Duration FREEING = Duration.ofSeconds(30);
  private static final Pattern GATEWAY = Pattern.compile("ready on (http://\\S+?)(?:\\s|$)");
  private static final Pattern WORKER = Pattern.compile("worker \\S+ is ready");
  private static final Pattern POSTGRES = Pattern.compile("^(BGFETCH_POSTGRES_URI)=(.*)$");
  private static final Pattern KAFKA = Pattern.compile("^(BGFETCH_KAFKA_BOOTSTRAP_SERVERS)=(.*)$");

  private final Path bgfetch;
  private final Path data;
  private final String how;
  private final Map<String, String> environment = new HashMap<>();
  private final Owned owned = new Owned();
  private final List<Child> children = new ArrayList<>();
  private Api api = new Api("http://127.0.0.1:0");
  private long gatewayPid;
  private int registered;

  private Cluster(Path bgfetch, Path data, String how, Map<String, String> settings) {
    this.bgfetch = bgfetch;
    this.data = data;
    this.how = how;
    environment.put("BGFETCH_EGRESS_ALLOW", "127.0.0.0/8");
    environment.put("BGFETCH_DATA_DIR", data.toString());
    environment.put("BGFETCH_HTTP_PORT", "0");
    environment.putAll(settings);
  }

  /** {@code bgfetch up}: all in one process but Postgres. */
  static Cluster up(Path bgfetch, Path directory, String how, Map<String, String> settings)
      throws Exception {
    Path data = Files.createTempDirectory(directory, "up-");
    return new Cluster(bgfetch, data, how, settings).started(Cluster::startUp);
  }

  /** Backends, a gateway and workers as processes of their own; the workers may be none. */
  static Cluster separate(
      Path bgfetch, Path directory, String how, int workers, Map<String, String> settings)
      throws Exception {
    Path data = Files.createTempDirectory(directory, "separate-");
    return new Cluster(bgfetch, data, how, settings).started(one -> one.startSeparate(workers));
  }

  /** The same without workers, and with a heap of its own for the gateway. */
  static Cluster gatewayOnly(Path bgfetch, Path directory, String how, String heap)
      throws Exception {
    Path data = Files.createTempDirectory(directory, "gateway-");
    return new Cluster(bgfetch, data, how, Map.of())
        .started(
            one -> {
              one.startBackends();
              one.environment.put("BGFETCH_JAVA_OPTS", heap);
              one.startGateway(one.start("gateway", "gateway"));
            });
  }

  private interface Start {
    void start(Cluster cluster) throws Exception;
  }

  private Cluster started(Start start) throws Exception {
    owned.addClosing(this::deleteButBodies);
    try {
      start.start(this);
      return this;
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  private void startUp() throws Exception {
    startGateway(start("up", "up", "--port", "0", "--data-dir", data.toString()));
  }

  private void startBackends() throws IOException, Failure, InterruptedException {
    Child backends = start("backends", "backends", "--data-dir", data.toString());
    for (Pattern setting : List.of(POSTGRES, KAFKA)) {
      Matcher said = backends.await(setting, STARTING);
      environment.put(said.group(1), said.group(2));
    }
  }

  private void startSeparate(int workers) throws Exception {
    startBackends();
    startGateway(start("gateway", "gateway"));
    List<Child> started = new ArrayList<>();
    for (int i = 1; i <= workers; i++) {
      started.add(start("worker-" + i, "worker"));
    }
    for (Child worker : started) {
      worker.await(WORKER, STARTING);
    }
  }

  private Child start(String name, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(bgfetch.toString()));
    command.addAll(List.of(arguments));
    Child child = owned.add(Child.start(name, data, environment, command));
    children.add(child);
    return child;
  }

  private void startGateway(Child gateway) throws Failure, InterruptedException {
    api = owned.add(new Api(gateway.await(GATEWAY, STARTING).group(1)));
    if (environment.containsKey(API_KEYS)) {
      api = owned.add(api.as(environment.get(API_KEYS).split("[:,]")[1]));
    }
    gatewayPid = gateway.pid();
  }

  String how() {
    return how;
  }

  Api api() {
    return api;
  }

  /** All processes, without their own children. */
  List<Long> pids() {
    return children.stream().map(Child::pid).toList();
  }

  /** The process that has the API. */
  long gatewayPid() {
    return gatewayPid;
  }

  /** An id that none of its registrations has yet. */
  synchronized String nextId() {
    registered++;
    return "bench-" + registered;
  }

  /** A registration that has ended, and what it took from the call to its end. */
  record Ended(String uid, Run run) {}

  /** Registers these URLs and waits until all are fetched. */
  Ended run(List<String> urls) throws Failure, InterruptedException {
    return run(
        BodyPublishers.ofByteArray(Api.lines(nextId(), urls).getBytes(StandardCharsets.UTF_8)));
  }

  /** The same with lines of NDJSON. */
  Ended run(BodyPublisher lines) throws Failure, InterruptedException {
    try (ProcessUsage usage = ProcessUsage.of(pids())) {
      long begun = System.nanoTime();
      String uid = api.registerLines(lines);
      api.awaitSuccess(uid, ENDING);
      double seconds = (System.nanoTime() - begun) / 1e9;
      return new Ended(uid, new Run(seconds, usage.cpuSeconds(), usage.peakBytes()));
    }
  }

  /** Deletes a registration and waits until so many bytes of bodies are off the disk. */
  void delete(String uid, long bytes) throws Failure, InterruptedException, IOException {
    long rest = Directories.bytes(blobs()) - bytes;
    api.delete(uid);
    long deadline = System.nanoTime() + FREEING.toNanos();
    while (Directories.bytes(blobs()) > rest && System.nanoTime() < deadline) {
      Thread.sleep(100);
    }
  }

  private Path blobs() {
    return data.resolve("blobs");
  }

  /** Bodies are many files, and stay for the same reason as those of {@link Outputs}. */
  private void deleteButBodies() throws IOException {
    List<Path> parts;
    try (Stream<Path> all = Files.list(data)) {
      parts = all.filter(part -> !part.equals(blobs())).toList();
    }
    for (Path part : parts) {
      Directories.delete(part);
    }
  }

  /** What Postgres's tables and indexes take on disk; its log does not count. */
  long tableBytes() throws IOException {
    try (Stream<Path> files = Files.walk(data.resolve("postgres"))) {
      Path base =
          files
              .filter(file -> file.endsWith("base") && Files.isDirectory(file))
              .findFirst()
              .orElseThrow(() -> new IOException("no tables under " + data));
      return Directories.bytes(base);
    }
  }

  @Override
  public void close() {
    owned.close();
  }
}
