package io.bgfetch.worker.lane;

import io.bgfetch.lane.HostLimit;
import io.bgfetch.lane.HostLimits;
import io.bgfetch.lane.LaneLayout;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Lanes with a clock that stands still until it is told to go on; what waits is its own flow. */
final class LanesUnderTest {

  static final int PARTITIONS = 4;
  private static final LaneLayout LAYOUT = new LaneLayout(PARTITIONS);

  private final Lanes<Flow> lanes;
  private long now = 1_000_000;

  private LanesUnderTest(HostLimit limit, int concurrency) {
    lanes =
        new Lanes<>(
            new Limits(LAYOUT, HostLimits.same(limit), concurrency),
            () -> Instant.ofEpochMilli(now));
  }

  /** Lanes of a worker that owns no partition. */
  static LanesUnderTest ofNone(HostLimit limit, int concurrency) {
    return new LanesUnderTest(limit, concurrency);
  }

  /** Lanes of a worker that has owned all partitions for long. */
  static LanesUnderTest ofAll(HostLimit limit, int concurrency) {
    LanesUnderTest made = new LanesUnderTest(limit, concurrency);
    made.lanes.own(all());
    made.pass(3_600_000);
    return made;
  }

  static LanesUnderTest ofAll(int hostConcurrency, int concurrency) {
    return ofAll(HostLimit.ofConcurrency(hostConcurrency), concurrency);
  }

  /** Lanes for numbers. */
  static Lanes<Integer> numbered() {
    Lanes<Integer> numbers =
        new Lanes<>(
            new Limits(LAYOUT, HostLimits.same(HostLimit.ofConcurrency(10)), 100),
            () -> Instant.EPOCH);
    numbers.own(all());
    return numbers;
  }

  static Set<Integer> all() {
    return IntStream.range(0, PARTITIONS).boxed().collect(Collectors.toSet());
  }

  /** A flow of the registration of this name. */
  static Flow flow(String host, String tenant, String registration) {
    return new Flow(host, tenant, UUID.nameUUIDFromBytes(registration.getBytes()));
  }

  /** A flow of the one registration of the one tenant. */
  static Flow flow(String host) {
    return flow(host, "tenant", "registration");
  }

  Lanes<Flow> lanes() {
    return lanes;
  }

  long now() {
    return now;
  }

  void pass(long millis) {
    now += millis;
  }

  void enter(Flow flow, int count) {
    IntStream.range(0, count).forEach(n -> lanes.enter(flow, flow));
  }

  void enter(String host, int count) {
    enter(flow(host), count);
  }

  /** Starts all that may. */
  List<Flow> start() {
    List<Flow> started = new ArrayList<>();
    for (Optional<Flow> next = lanes.next(); next.isPresent(); next = lanes.next()) {
      started.add(next.get());
    }
    return started;
  }

  List<String> startedHosts() {
    return start().stream().map(Flow::host).toList();
  }

  void leave(String host) {
    lanes.leave(flow(host));
  }

  /** One turn of each ends, one after the other, and what may start does. */
  List<Flow> turnOver(List<Flow> running) {
    List<Flow> started = new ArrayList<>();
    for (Flow flow : running) {
      lanes.leave(flow);
      started.addAll(start());
    }
    return started;
  }

  /** Makes a host known that answers well, and lets it be idle again. */
  void answersWell(String host) {
    Flow flow = flow(host, "early", "early");
    enter(flow, 1);
    start();
    IntStream.range(0, 200).forEach(n -> lanes.answered(host));
    lanes.leave(flow);
  }
}
