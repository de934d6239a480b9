package io.bgfetch.backends;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL processes of this machine that use one data directory, whoever started them. A
 * server outlives its JVM when that is killed where it could not be tied to it, and its sessions
 * can outlive the server; nothing new may start before they are gone. They are found by what they
 * are and where they run, not by {@code postmaster.pid}, whose number may be that of a zombie or of
 * a stranger by now.
 */
final class PostgresProcesses {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresProcesses.class);
  private static final Path PROC = Path.of("/proc");
  private static final Duration POLL = Duration.ofMillis(20);

  private final Path data;

  PostgresProcesses(Path data) {
    this.data = data;
  }

  /** Ends what is left of an earlier life, gently first, and the file that speaks of it. */
  void endAll() throws IOException, InterruptedException {
    List<String> left = find();
    if (!left.isEmpty()) {
      LOG.atWarn().addKeyValue("pids", left).log("ending what an earlier PostgreSQL left behind");
      boolean gone =
          ended("INT", Duration.ofSeconds(15))
              || ended("QUIT", Duration.ofSeconds(5))
              || ended("KILL", Duration.ofSeconds(5));
      if (!gone) {
        throw new BackendsException(
            "an earlier PostgreSQL on %s cannot be ended (processes %s)".formatted(data, find()));
      }
    }
    Files.deleteIfExists(data.resolve("postmaster.pid"));
  }

  private boolean ended(String signal, Duration deadline) throws IOException, InterruptedException {
    signal(signal, find());
    long end = System.nanoTime() + deadline.toNanos();
    while (!find().isEmpty()) {
      if (System.nanoTime() > end) {
        return false;
      }
      Thread.sleep(POLL);
    }
    return true;
  }

  /** Java itself knows TERM and KILL only, and TERM makes PostgreSQL wait for its clients. */
  static void signal(String signal, List<String> pids) throws InterruptedException {
    if (!pids.isEmpty()) {
      boolean sent =
          Program.succeeds(
              List.of("sh", "-c", "kill -%s %s".formatted(signal, String.join(" ", pids))));
      LOG.atDebug().addKeyValue("signal", signal).addKeyValue("sent", sent).log("signal");
    }
  }

  private List<String> find() throws IOException {
    if (!Files.isDirectory(PROC)) {
      return List.of();
    }
    try (Stream<Path> processes = Files.list(PROC)) {
      return processes
          .filter(process -> Character.isDigit(process.getFileName().toString().charAt(0)))
          .filter(this::usesData)
          .map(process -> process.getFileName().toString())
          .toList();
    }
  }

  /** A zombie has no command line and does not count. */
  private boolean usesData(Path process) {
    String[] command = commandLine(process);
    boolean server = Path.of(command[0]).endsWith("postgres");
    boolean session = command[0].startsWith("postgres:");
    return (server && List.of(command).contains(data.toString()))
        || ((server || session) && runsInData(process));
  }

  private static String[] commandLine(Path process) {
    try {
      return new String(Files.readAllBytes(process.resolve("cmdline")), UTF_8).split("\0", -1);
    } catch (IOException gone) {
      return new String[] {""};
    }
  }

  private boolean runsInData(Path process) {
    try {
      return Files.readSymbolicLink(process.resolve("cwd")).equals(data);
    } catch (IOException goneOrForeign) {
      return false;
    }
  }
}
