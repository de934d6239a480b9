package io.bgfetch.worker.lane;

import static io.bgfetch.worker.lane.LanesUnderTest.flow;
import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.lane.HostLimit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens in whatever order: no limit is passed, nothing is lost, nothing waits on. */
class LanesChaosTest {

  private static final int HOST_CONCURRENCY = 8;
  private static final int CONCURRENCY = 24;
  private static final double RATE = 40;
  private static final long SECOND = 1_000;
  private static final int STEPS = 2_000;

  /** With fewer turns in use, silence keeps nobody from starting. */
  private static final int SILENT_MOST = CONCURRENCY * 3 / 4;

  private static final int SILENT_FIRST = 4;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void limitsHoldAndNothingWaitsForEver(boolean withRate) {
    for (int seed = 0; seed < 20; seed++) {
      new Run(seed, withRate).go();
    }
  }

  private static final class Run {

    private final int seed;
    private final Random random;
    private final boolean withRate;
    private final LanesUnderTest worker;
    private final List<Flow> running = new ArrayList<>();
    private final Map<String, Integer> atHost = new HashMap<>();
    private final Map<String, Long> heldUntil = new HashMap<>();
    private final Map<String, Deque<Long>> starts = new HashMap<>();
    private final Map<String, Integer> waitingAt = new HashMap<>();
    private Set<Integer> owned = LanesUnderTest.all();
    private int entered;
    private int started;
    private int removed;

    Run(int seed, boolean withRate) {
      this.seed = seed;
      this.random = new Random(seed);
      this.withRate = withRate;
      HostLimit limit = new HostLimit(HOST_CONCURRENCY, withRate ? RATE : HostLimit.ANY_RATE);
      worker = LanesUnderTest.ofAll(limit, CONCURRENCY);
    }

    private Flow any() {
      int registration = random.nextInt(12);
      return flow("h" + random.nextInt(6), "t" + registration % 3, "r" + registration);
    }

    void go() {
      for (int step = 0; step < STEPS; step++) {
        act();
        start();
      }
      drain();
    }

    private void act() {
      String host = "h" + random.nextInt(6);
      switch (random.nextInt(20)) {
        case 0, 1, 2, 3, 4 -> enter(any(), 1 + random.nextInt(4));
        case 5, 6, 7, 8, 9, 10 -> leave();
        case 11, 12, 13 -> worker.lanes().answered(host);
        case 14, 15, 16 -> worker.pass(random.nextInt(120));
        case 17 -> hold(host);
        case 18 -> remove(any().uid());
        default -> own();
      }
    }

    private void enter(Flow flow, int count) {
      worker.enter(flow, count);
      entered += count;
      waitingAt.merge(flow.host(), count, Integer::sum);
    }

    private void leave() {
      if (!running.isEmpty()) {
        Flow flow = running.remove(random.nextInt(running.size()));
        atHost.merge(flow.host(), -1, Integer::sum);
        worker.lanes().leave(flow);
      }
    }

    private void hold(String host) {
      long until = worker.now() + random.nextInt(3_000);
      heldUntil.merge(host, until, Math::max);
      worker.lanes().hold(host, until);
    }

    private void remove(UUID uid) {
      for (Flow flow : worker.lanes().remove(uid, work -> random.nextBoolean())) {
        removed++;
        waitingAt.merge(flow.host(), -1, Integer::sum);
      }
    }

    private void own() {
      owned = new HashSet<>(LanesUnderTest.all());
      if (random.nextBoolean()) {
        owned.remove(random.nextInt(LanesUnderTest.PARTITIONS));
      }
      worker.lanes().own(owned);
    }

    private void start() {
      for (Flow flow : worker.start()) {
        started++;
        waitingAt.merge(flow.host(), -1, Integer::sum);
        running.add(flow);
        int now = atHost.merge(flow.host(), 1, Integer::sum);
        assertThat(now)
            .as("running at %s, seed %d", flow.host(), seed)
            .isLessThanOrEqualTo(share());
        assertThat(heldUntil.getOrDefault(flow.host(), 0L))
            .as("the hold of %s, seed %d", flow.host(), seed)
            .isLessThanOrEqualTo(worker.now());
        count(flow.host());
      }
      assertThat(worker.lanes().running()).isEqualTo(running.size());
      assertThat(running).as("seed %d", seed).hasSizeLessThanOrEqualTo(CONCURRENCY);
      assertThat(worker.lanes().waiting()).isEqualTo(entered - started - removed);
      if (!withRate && running.size() < SILENT_MOST) {
        waitingAt.forEach(this::isNotKeptWaiting);
      }
    }

    private int share() {
      return HOST_CONCURRENCY * owned.size() / LanesUnderTest.PARTITIONS;
    }

    private void isNotKeptWaiting(String host, int waiting) {
      if (waiting > 0 && !heldUntil.containsKey(host)) {
        assertThat(atHost.getOrDefault(host, 0))
            .as("running at %s, seed %d", host, seed)
            .isGreaterThanOrEqualTo(Math.min(share(), SILENT_FIRST));
      }
    }

    private void count(String host) {
      Deque<Long> times = starts.computeIfAbsent(host, h -> new ArrayDeque<>());
      times.add(worker.now());
      while (times.getFirst() <= worker.now() - SECOND) {
        times.removeFirst();
      }
      if (withRate) {
        assertThat((double) times.size())
            .as("starts at %s in a second, seed %d", host, seed)
            .isLessThanOrEqualTo(RATE + RATE / 10);
      }
    }

    /** Everything that still waits starts within the time that its limits take. */
    private void drain() {
      worker.pass(3_000);
      for (int round = 0; round < 20_000 && worker.lanes().waiting() > 0; round++) {
        start();
        leave();
        worker.pass(5);
      }
      assertThat(worker.lanes().waiting()).as("waiting, seed %d", seed).isZero();
      while (!running.isEmpty()) {
        leave();
      }
      assertThat(started + removed).as("seed %d", seed).isEqualTo(entered);
      assertThat(worker.lanes().running()).isZero();
    }
  }
}
