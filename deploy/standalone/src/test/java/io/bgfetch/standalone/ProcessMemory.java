package io.bgfetch.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What one process holds: its heap by the log of its collector, the rest by the kernel (Linux). */
final class ProcessMemory {
  static final long MIB = 1L << 20;

  private static final Pattern FULL = Pattern.compile("Pause Full .*?\\d+M->(\\d+)M\\(\\d+M\\)");
  private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");

  private final Path log;
  private final long pid;

  private ProcessMemory(Path log, long pid) {
    this.log = log;
    this.pid = pid;
  }

  /** The option that makes a JVM log its collections; an own file for each. */
  static String logging(Path log) {
    return "-Xlog:gc:file=" + log;
  }

  static ProcessMemory of(BgfetchProcess process, Path log) {
    return new ProcessMemory(log, process.pid());
  }

  /** Bytes of its heap that are in use now: what a full collection leaves. */
  long liveHeap() {
    int before = full().size();
    collect();
    List<Long> full = full();
    assertThat(full).as("full collections").hasSizeGreaterThan(before);
    return full.getLast();
  }

  /**
   * The most bytes of its heap that were in use at any full collection so far; those that a JVM
   * makes when it needs memory count, too. What other collections leave is in part garbage.
   */
  long peakHeap() {
    return full().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /** The most bytes of its heap that were in use while this is done, looked at again and again. */
  long peakHeapWhile(Runnable work) throws Exception {
    CompletableFuture<Void> done = CompletableFuture.runAsync(work);
    long peak = 0;
    do {
      peak = Math.max(peak, liveHeap());
      CompletableFuture.anyOf(done, pause()).get(5, TimeUnit.MINUTES);
    } while (!done.isDone());
    done.get(1, TimeUnit.SECONDS);
    return peak;
  }

  private static CompletableFuture<Void> pause() {
    return new CompletableFuture<Void>().completeOnTimeout(null, 500, TimeUnit.MILLISECONDS);
  }

  private List<Long> full() {
    return FULL.matcher(read(log))
        .results()
        .map(pause -> Long.parseLong(pause.group(1)) * MIB)
        .toList();
  }

  private void collect() {
    try {
      Process jcmd =
          new ProcessBuilder(JCMD.toString(), Long.toString(pid), "GC.run")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectErrorStream(true)
              .start();
      assertThat(jcmd.waitFor(30, TimeUnit.SECONDS)).as("it collects").isTrue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Bytes of main memory that it occupies, heap and everything else. */
  long resident() {
    MatchResult kib = RSS.matcher(read(proc("status"))).results().findFirst().orElseThrow();
    return Long.parseLong(kib.group(1)) << 10;
  }

  /** Its open files and sockets. */
  long files() {
    try (Stream<Path> open = Files.list(proc("fd"))) {
      return open.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path proc(String file) {
    return Path.of("/proc", Long.toString(pid), file);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
