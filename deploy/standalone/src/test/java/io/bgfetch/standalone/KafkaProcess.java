package io.bgfetch.standalone;

import io.bgfetch.backends.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** An embedded broker in a JVM of its own, which can be killed and started again as it was. */
final class KafkaProcess implements AutoCloseable {
  private static final String READY = "listens on ";

  private final Path directory;
  private BgfetchProcess process;
  private String address;

  private KafkaProcess(Path directory) {
    this.directory = directory;
    this.process = launch(directory);
  }

  /** Starts one; {@link #address} waits until it takes requests. */
  static KafkaProcess start(Path directory) {
    return new KafkaProcess(directory);
  }

  private static BgfetchProcess launch(Path directory) {
    return BgfetchProcess.start(
        directory.getParent(),
        Map.of(),
        List.of(
            ProcessHandle.current().info().command().orElseThrow(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            BgfetchProcess.classPathWith(KafkaProcess.class),
            KafkaProcess.class.getName(),
            directory.toString()));
  }

  /** Runs the broker until it is killed, or who started it is gone. */
  public static void main(String[] arguments) throws IOException {
    ServerLog.toConsole();
    EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(arguments[0]), OptionalInt.empty());
    System.out.println(READY + kafka.bootstrapServers());
    while (System.in.read() >= 0) {
      // only the end counts
    }
    Runtime.getRuntime().halt(0);
  }

  /** {@code host:port}, the same after every start. */
  String address() {
    if (address == null) {
      address = process.awaitLine(READY).substring(READY.length());
    }
    return address;
  }

  /** {@code kill -9}. */
  void kill() throws InterruptedException {
    process.kill();
  }

  /** Starts it again, unless it runs, and waits until it takes requests. */
  void restart() {
    if (!process.isAlive()) {
      process = launch(directory);
    }
    var unused = process.awaitLine(READY + address);
  }

  @Override
  public void close() throws InterruptedException {
    process.close();
  }
}
