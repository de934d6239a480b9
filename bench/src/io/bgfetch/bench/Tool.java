package io.bgfetch.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** A command that fetches a list of URLs into a directory: curl, wget2, aria2c. */
final class Tool implements Program {

  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  /** Which command, and how it is told what to do. */
  enum Kind {
    CURL("curl") {
      @Override
      String list(Bodies bodies, Path into) {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < bodies.count(); i++) {
          list.append("url = \"").append(bodies.url(i)).append("\"\n");
          list.append("output = \"").append(into.resolve(Integer.toString(i))).append("\"\n");
        }
        return list.toString();
      }

      @Override
      List<String> options(Path list, Path into, int connections) {
        String most = Integer.toString(connections);
        return List.of(
            "--disable",
            "--silent",
            "--fail",
            "--parallel",
            "--parallel-immediate",
            "--parallel-max",
            most,
            "--config",
            list.toString());
      }
    },
    WGET2("wget2") {
      @Override
      List<String> options(Path list, Path into, int connections) {
        return List.of(
            "--no-config",
            "--quiet",
            "--robots=off",
            "--no-http2",
            "--max-threads=" + connections,
            "--directory-prefix=" + into,
            "--input-file=" + list);
      }
    },
    ARIA2("aria2c") {
      @Override
      List<String> options(Path list, Path into, int connections) {
        return List.of(
            "--no-conf=true",
            "--quiet=true",
            "--file-allocation=none",
            "--allow-overwrite=true",
            "--auto-file-renaming=false",
            "--max-concurrent-downloads=" + connections,
            "--dir=" + into,
            "--input-file=" + list);
      }
    },
    /** The connections are those of one body, of which aria2 allows 16. */
    ARIA2_SPLIT("aria2c") {
      @Override
      List<String> options(Path list, Path into, int connections) {
        return List.of(
            "--no-conf=true",
            "--quiet=true",
            "--file-allocation=none",
            "--allow-overwrite=true",
            "--auto-file-renaming=false",
            "--max-connection-per-server=" + connections,
            "--split=" + connections,
            "--dir=" + into,
            "--input-file=" + list);
      }
    };

    final String command;

    Kind(String command) {
      this.command = command;
    }

    String list(Bodies bodies, Path into) {
      return String.join("\n", bodies.urls()) + "\n";
    }

    abstract List<String> options(Path list, Path into, int connections);
  }

  private final Bench bench;
  private final Kind kind;
  private final int connections;

  Tool(Bench bench, Kind kind, int connections) {
    this.bench = bench;
    this.kind = kind;
    this.connections = connections;
  }

  @Override
  public String name() {
    return kind.command;
  }

  @Override
  public String how() {
    return connections == 1 ? "1 connection" : connections + " connections";
  }

  @Override
  public Run fetch(Bodies bodies) throws Failure, InterruptedException {
    try {
      Path into = bench.outputs().next();
      Path list = Files.writeString(bench.outputs().list(), kind.list(bodies, into));
      Run run = run(list, into);
      verify(bodies, into);
      Outputs.verified(into, bodies);
      return run;
    } catch (IOException | UncheckedIOException e) {
      throw new Failure(e.toString(), e);
    }
  }

  private Run run(Path list, Path into) throws IOException, Failure, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Programs.path(kind.command)));
    command.addAll(kind.options(list, into, connections));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    double cpuBefore = ProcessUsage.cpuSecondsOfEndedChildren();
    double besideBefore = bench.clusterSeconds();
    long begun = System.nanoTime();
    Process process = Processes.start(builder);
    try {
      long peak = 0;
      while (!process.waitFor(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
        peak = Math.max(peak, ProcessUsage.highWaterMark(process.pid()));
        if (System.nanoTime() - begun > DEADLINE.toNanos()) {
          throw new Failure("hung: not done after " + DEADLINE.toSeconds() + " s");
        }
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      if (process.exitValue() != 0) {
        throw new Failure("ended with status " + process.exitValue());
      }
      double beside = (bench.clusterSeconds() - besideBefore) / seconds;
      double cpuSeconds = ProcessUsage.cpuSecondsOfEndedChildren() - cpuBefore;
      return new Run(seconds, cpuSeconds, peak, OptionalDouble.of(beside));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** Compares every file with what the origin has. */
  private static void verify(Bodies bodies, Path into) throws Failure {
    int[] wrong =
        IntStream.range(0, bodies.count())
            .parallel()
            .filter(i -> !isRight(bodies, i, into.resolve(Integer.toString(i))))
            .toArray();
    if (wrong.length > 0) {
      throw new Failure(wrong.length + " of " + bodies.count() + " files are missing or wrong");
    }
  }

  private static boolean isRight(Bodies bodies, int index, Path file) {
    try {
      return Files.isRegularFile(file)
          && Files.size(file) == bodies.size()
          && bodies.isDigest(index, Sha256.of(Files.newInputStream(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
