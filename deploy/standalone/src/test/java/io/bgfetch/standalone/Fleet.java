package io.bgfetch.standalone;

import io.bgfetch.testkit.TestBackends;
import java.nio.file.Path;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Gateways and workers as processes of their own, on one Postgres, one Kafka, one directory. */
final class Fleet implements AutoCloseable {
  private final Path directory;
  private final Map<String, String> settings;
  private final Deque<BgfetchProcess> processes = new ConcurrentLinkedDeque<>();

  Fleet(TestBackends backends, Path directory) {
    this(backends, directory, Map.of());
  }

  /** With further settings, {@code BGFETCH_…}. */
  Fleet(TestBackends backends, Path directory, Map<String, String> more) {
    this(backends.freshDatabase(), backends.freshKafka(), directory, more);
  }

  /** On the backends with these addresses. */
  Fleet(String postgres, String kafka, Path directory) {
    this(postgres, kafka, directory, Map.of());
  }

  private Fleet(String postgres, String kafka, Path directory, Map<String, String> more) {
    this.directory = directory;
    Map<String, String> all = new HashMap<>(more);
    all.put("BGFETCH_POSTGRES_URI", postgres);
    all.put("BGFETCH_KAFKA_BOOTSTRAP_SERVERS", kafka);
    all.put("BGFETCH_DATA_DIR", directory.toString());
    all.put("BGFETCH_HTTP_PORT", "0");
    all.put("BGFETCH_EGRESS_ALLOW", "127.0.0.0/8");
    all.put("BGFETCH_RETRY_BASE", "200ms");
    this.settings = Map.copyOf(all);
  }

  /** Starts a gateway; not ready yet. */
  BgfetchProcess gateway(String... jvmOptions) {
    return start("gateway", jvmOptions);
  }

  /** Starts a worker; not ready yet. */
  BgfetchProcess worker(String... jvmOptions) {
    return start("worker", jvmOptions);
  }

  private BgfetchProcess start(String role, String... jvmOptions) {
    BgfetchProcess process = BgfetchProcess.start(directory, List.of(jvmOptions), settings, role);
    processes.push(process);
    return process;
  }

  @Override
  public void close() throws InterruptedException {
    while (!processes.isEmpty()) {
      processes.pop().close();
    }
  }
}
