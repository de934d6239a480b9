package io.bgfetch.worker.lane;

import io.bgfetch.lane.HostLimit;
import io.bgfetch.lane.HostLimits;
import io.bgfetch.lane.LaneLayout;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One turn in a busy worker: a fetch ends, its host has answered, another enters, one starts. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LanesBenchmark {

  private static final int PARTITIONS = 64;
  private static final int CONCURRENCY = 256;
  private static final int WAITING = 2_048;

  /** How many hosts, each with a registration of its own, share the worker. */
  @Param({"1", "16", "1024"})
  int hosts;

  private Lanes<Flow> lanes;
  private Flow[] running;
  private int next;

  @Setup
  public void fill() {
    lanes =
        new Lanes<>(
            new Limits(
                new LaneLayout(PARTITIONS),
                HostLimits.same(HostLimit.ofConcurrency(64)),
                CONCURRENCY),
            () -> Instant.EPOCH);
    lanes.own(IntStream.range(0, PARTITIONS).boxed().collect(Collectors.toSet()));
    Flow[] flows = new Flow[hosts];
    for (int i = 0; i < hosts; i++) {
      flows[i] = new Flow("host-" + i + ":80", "tenant-" + i % 8, new UUID(0, i));
    }
    for (int i = 0; i < WAITING; i++) {
      lanes.enter(flows[i % hosts], flows[i % hosts]);
    }
    running = new Flow[CONCURRENCY];
    int started = 0;
    for (Optional<Flow> one = lanes.next(); one.isPresent(); one = lanes.next()) {
      lanes.answered(one.get().host());
      running[started] = one.get();
      started++;
    }
    running = Arrays.copyOf(running, started);
  }

  @Benchmark
  public Flow turn() {
    Flow ended = running[next];
    lanes.answered(ended.host());
    lanes.leave(ended);
    lanes.enter(ended, ended);
    Flow started = lanes.next().orElseThrow();
    running[next] = started;
    next = (next + 1) % running.length;
    return started;
  }
}
