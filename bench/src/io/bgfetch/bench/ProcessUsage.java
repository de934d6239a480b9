package io.bgfetch.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What processes, with all their descendants, use of processors and memory, as {@code /proc} tells
 * (proc(5)).
 *
 * <p>Memory is what is private to each process, and for each program (postgres, java) once the
 * largest part that may be shared: the sum of the resident sizes would count Postgres's shared
 * buffers once per connection.
 */
final class ProcessUsage implements AutoCloseable {

  private static final double TICKS_PER_SECOND = 100; // USER_HZ, the same on all of Linux
  private static final long EVERY_MILLIS = 200;

  private final List<Long> roots;
  private final double begun;
  private final Thread sampler;
  private volatile long peak;
  private volatile boolean ended;

  private ProcessUsage(List<Long> roots) {
    this.roots = roots;
    begun = cpuSeconds(roots);
    peak = memory(tree(roots));
    sampler = Thread.ofPlatform().daemon().name("usage").start(this::sample);
  }

  /** Begins to measure. */
  static ProcessUsage of(List<Long> roots) {
    return new ProcessUsage(List.copyOf(roots));
  }

  private void sample() {
    try {
      while (!ended) {
        Thread.sleep(EVERY_MILLIS);
        peak = Math.max(peak, memory(tree(roots)));
      }
    } catch (InterruptedException e) {
      // the end
    }
  }

  /** Seconds of processors since the beginning. */
  double cpuSeconds() {
    return cpuSeconds(roots) - begun;
  }

  long peakBytes() {
    peak = Math.max(peak, memory(tree(roots)));
    return peak;
  }

  @Override
  public void close() {
    ended = true;
    sampler.interrupt();
  }

  /**
   * Seconds that the processes used since they were started. Descendants that ended count through
   * the parent that waited for them.
   */
  static double cpuSeconds(List<Long> roots) {
    return tree(roots).stream().mapToLong(pid -> ticks(pid, 13, 16)).sum() / TICKS_PER_SECOND;
  }

  /** Seconds that children of this process used that have ended. */
  static double cpuSecondsOfEndedChildren() {
    return ticks(ProcessHandle.current().pid(), 15, 16) / TICKS_PER_SECOND;
  }

  /** The sum of some fields of {@code /proc/pid/stat}, counted from 0; 0 if the process is gone. */
  private static long ticks(long pid, int from, int to) {
    String stat = read(pid, "stat");
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
    long sum = 0;
    for (int field = from; field <= to && fields.length > to - 2; field++) {
      sum += Long.parseLong(fields[field - 2]); // the first two, pid and name, are cut off
    }
    return sum;
  }

  private static List<Long> tree(List<Long> roots) {
    List<Long> tree = new ArrayList<>();
    for (long root : roots) {
      tree.add(root);
      ProcessHandle.of(root)
          .ifPresent(handle -> handle.descendants().forEach(child -> tree.add(child.pid())));
    }
    return tree;
  }

  private static long memory(List<Long> pids) {
    long own = 0;
    Map<String, Long> shared = new HashMap<>();
    for (long pid : pids) {
      Map<String, String> status = status(pid);
      own += kib(status, "RssAnon");
      long mapped = kib(status, "RssFile") + kib(status, "RssShmem");
      shared.merge(status.getOrDefault("Name", ""), mapped, Math::max);
    }
    return (own + shared.values().stream().mapToLong(bytes -> bytes).sum()) * 1024;
  }

  /** The most that was resident of one process; 0 if it is gone. */
  static long highWaterMark(long pid) {
    return kib(status(pid), "VmHWM") * 1024;
  }

  private static Map<String, String> status(long pid) {
    Map<String, String> status = new HashMap<>();
    for (String line : read(pid, "status").split("\n")) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        status.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return status;
  }

  private static long kib(Map<String, String> status, String name) {
    String value = status.getOrDefault(name, "0 kB");
    return Long.parseLong(value.substring(0, value.indexOf(' ')));
  }

  private static String read(long pid, String file) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), file));
    } catch (IOException gone) {
      return "";
    }
  }
}
