package io.bgfetch.worker.lane;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of one worker: what waits for its turn, and who gets the next one.
 *
 * <p>Turns go to the tenant that has the fewest, of it to the registration that has the fewest, of
 * it to one host after the other; as far as the host may start something: by this worker's share of
 * its concurrency and rate, and unless it is held back. What waits for a host that may not is
 * parked there, and comes back into the contest one by one as the host may start more, so that a
 * full host costs nothing. A host that gave no sign of life yet has a sixteenth of the worker's
 * turns, even where nobody else wants them: somebody may a moment later, and it may hold them until
 * their deadlines. All such hosts together have three quarters of the turns at most.
 *
 * <p>Whenever time has passed or anything was called, {@link #next} may have something to start; it
 * takes logarithmic time. Belongs to one context.
 *
 * @param <T> what waits
 */
public final class Lanes<T> {

  private static final int SILENT_PART = 16;
  private static final int SILENT_LEAST = 4;
  private static final int MOST_RESTING = 10_000;
  private static final long REST_MILLIS = 60_000;

  private final Limits limits;
  private final InstantSource clock;
  private final WorkerTurns<T> contest = new WorkerTurns<>();
  private final Map<UUID, Map<String, FlowQueue<T>>> flows = new HashMap<>();
  private final Map<String, HostTurns<T>> hosts = new HashMap<>();
  private final Holds holds = new Holds();

  /** Hosts that have nothing to do and are remembered, with since when; the longest first. */
  private final LinkedHashMap<HostTurns<T>, Long> resting = new LinkedHashMap<>();

  /** Hosts with parked flows that time will let start something. */
  private final TreeSet<HostTurns<T>> asleep =
      new TreeSet<>(
          Comparator.<HostTurns<T>>comparingLong(HostTurns::wakesAt)
              .thenComparing(HostTurns::name));

  /** Hosts with parked flows that may start more than the worker has turns for. */
  private final LinkedHashSet<HostTurns<T>> offering = new LinkedHashSet<>();

  private final int silentFirst;
  private final int silentMost;
  private long bucketsEmptyAt;
  private int silentlyRunning;
  private int running;
  private int waiting;

  /** Empty lanes. */
  public Lanes(Limits limits, InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
    this.silentFirst = Math.max(SILENT_LEAST, limits.concurrency() / SILENT_PART);
    this.silentMost = Math.ceilDiv(3 * limits.concurrency(), 4);
  }

  // ---- what waits

  /** Queues work behind what waits of the same flow. */
  public void enter(Flow flow, T work) {
    FlowQueue<T> queue = queue(flow);
    boolean stood = !queue.isEmpty();
    queue.add(work);
    waiting++;
    if (!stood && queue.host().gate().free(clock.millis()) > 0) {
      contest.stand(queue);
    } else if (!stood) {
      park(queue);
    }
  }

  private FlowQueue<T> queue(Flow flow) {
    return flows
        .computeIfAbsent(flow.uid(), uid -> new HashMap<>())
        .computeIfAbsent(
            flow.host(),
            host -> {
              HostTurns<T> at = host(host);
              resting.remove(at);
              TenantAtHost<T> place = at.tenant(flow.tenant());
              place.members(1);
              return contest.queue(flow, place);
            });
  }

  private HostTurns<T> host(String name) {
    return hosts.computeIfAbsent(name, this::unknown);
  }

  private HostTurns<T> unknown(String name) {
    Limits.Share share = limits.shareOf(name).orOne();
    HostGate gate =
        new HostGate(share, new SlowStart(silentFirst), Math.max(share.since(), bucketsEmptyAt));
    if (holds.lately(name, clock.millis())) {
      gate.hold(holds.until(name));
    }
    return new HostTurns<>(name, gate);
  }

  /** Takes out what waits and fits. */
  public List<T> remove(Predicate<T> which) {
    List<T> removed = new ArrayList<>();
    for (UUID uid : List.copyOf(flows.keySet())) {
      removed.addAll(remove(uid, which));
    }
    return removed;
  }

  /** Takes out what waits of a registration and fits. */
  public List<T> remove(UUID uid, Predicate<T> which) {
    List<T> removed = new ArrayList<>();
    for (FlowQueue<T> queue : List.copyOf(flows.getOrDefault(uid, Map.of()).values())) {
      remove(queue, which, removed);
    }
    return removed;
  }

  private void remove(FlowQueue<T> queue, Predicate<T> which, List<T> removed) {
    boolean stood = !queue.isEmpty();
    List<T> gone = queue.remove(which);
    removed.addAll(gone);
    waiting -= gone.size();
    if (stood && queue.isEmpty()) {
      withdraw(queue);
      forgetIfIdle(queue);
      open(queue.host());
    }
  }

  private void withdraw(FlowQueue<T> queue) {
    if (queue.contends()) {
      contest.withdraw(queue);
    } else {
      queue.host().unpark(queue);
    }
  }

  /** How many wait for their turn. */
  public int waiting() {
    return waiting;
  }

  // ---- turns

  /** The next that may start; whoever takes it calls {@link #leave} with its flow at the end. */
  public Optional<T> next() {
    long now = clock.millis();
    wake(now);
    if (running >= limits.concurrency()) {
      return Optional.empty();
    }
    for (FlowQueue<T> queue = first(); queue != null; queue = first()) {
      if (queue.host().gate().free(now) > 0) {
        T work = start(queue, now);
        offerMore(now);
        return Optional.of(work);
      }
      contest.withdraw(queue);
      park(queue);
    }
    return Optional.empty();
  }

  private void wake(long now) {
    while (!asleep.isEmpty() && asleep.first().wakesAt() <= now) {
      HostTurns<T> host = asleep.removeFirst();
      host.wakesAt(HostTurns.AWAKE);
      open(host);
    }
  }

  private @Nullable FlowQueue<T> first() {
    return contest.first(silentlyRunning < silentMost);
  }

  private T start(FlowQueue<T> queue, long now) {
    HostTurns<T> host = queue.host();
    T work = queue.take();
    running++;
    waiting--;
    silentlyRunning -= host.gate().silentlyRunning();
    contest.began(queue);
    host.began(queue, now);
    silentlyRunning += host.gate().silentlyRunning();
    if (queue.isEmpty()) {
      contest.withdraw(queue);
    }
    open(host);
    return work;
  }

  /**
   * While the worker has no more turns, hosts may have flows parked that would come before those
   * that stand in the contest: one after the other joins it.
   */
  private void offerMore(long now) {
    boolean full = running >= limits.concurrency() || silentlyRunning >= silentMost;
    if (full && !offering.isEmpty()) {
      HostTurns<T> host = offering.removeFirst();
      if (host.hasParked() && host.gate().free(now) > 0) {
        contest.stand(host.unparkFirst());
        open(host);
      }
    }
  }

  /** A turn of this flow has ended. */
  public void leave(Flow flow) {
    FlowQueue<T> queue = flows.getOrDefault(flow.uid(), Map.of()).get(flow.host());
    if (queue == null || queue.atHost().running() == 0) {
      throw new IllegalStateException("nothing runs of " + flow);
    }
    HostTurns<T> host = queue.host();
    running--;
    silentlyRunning -= host.gate().silentlyRunning();
    contest.ended(queue);
    boolean silentBefore = host.gate().silent();
    host.ended(queue);
    silentlyRunning += host.gate().silentlyRunning();
    if (host.gate().silent() != silentBefore) {
      contest.moved(host);
    }
    forgetIfIdle(queue);
    open(host);
  }

  /** How many have their turn. */
  public int running() {
    return running;
  }

  // ---- hosts

  /** The partitions of the jobs topic that are this worker's now. */
  public void own(Set<Integer> partitions) {
    limits.own(partitions, clock.millis());
    share();
  }

  /** These partitions are another's now or soon will be: their shares are not used from here on. */
  public void lose(Set<Integer> partitions) {
    limits.lose(partitions);
    share();
  }

  private void share() {
    long now = clock.millis();
    for (HostTurns<T> host : hosts.values()) {
      host.gate().share(limits.shareOf(host.name()).orOne(), now);
      open(host);
    }
  }

  /** The head of a response came from this host, and nothing in it asked for less. */
  public void answered(String host) {
    signOfLife(host, gate -> gate.answered(clock.millis()));
  }

  /** The host answered that it wants less: it lives, but may start no more than before. */
  public void refused(String host) {
    signOfLife(host, HostGate::refused);
  }

  private void signOfLife(String host, Consumer<HostGate> how) {
    HostTurns<T> at = hosts.get(host);
    if (at != null) {
      boolean silentBefore = at.gate().silent();
      silentlyRunning -= at.gate().silentlyRunning();
      how.accept(at.gate());
      silentlyRunning += at.gate().silentlyRunning();
      if (silentBefore) {
        contest.moved(at);
      }
      open(at);
    }
  }

  /**
   * Starts nothing of this host before then, and afterwards one at a time until it answers. A hold
   * can be made longer, never shorter. At most 10,000 hosts are held; the one that ends first goes.
   *
   * @param untilMillis since the epoch
   */
  public void hold(String host, long untilMillis) {
    if (holds.hold(host, untilMillis, clock.millis())) {
      HostTurns<T> at = hosts.get(host);
      if (at != null) {
        at.gate().hold(untilMillis);
        open(at);
      }
    }
  }

  /** Until when nothing of this host starts; not in the future where it may. */
  public long heldUntil(String host) {
    return holds.until(host);
  }

  /** How many hosts are held back now. */
  public int heldHosts() {
    return holds.count(clock.millis());
  }

  /** Takes out what waits for hosts that have been held back for so long, and still are. */
  public List<T> removeHeldFor(Duration time) {
    long now = clock.millis();
    List<T> removed = new ArrayList<>();
    if (holds.any(now)) {
      for (Map<String, FlowQueue<T>> byHost : List.copyOf(flows.values())) {
        for (FlowQueue<T> queue : List.copyOf(byHost.values())) {
          if (holds.heldFor(time.toMillis(), queue.host().name(), now)) {
            remove(queue, any -> true, removed);
          }
        }
      }
    }
    return removed;
  }

  /** Whether this host is held back now. */
  public boolean held(String host) {
    return clock.millis() < holds.until(host);
  }

  /** Brings as many of those who are parked into the contest as the host may start. */
  private void open(HostTurns<T> host) {
    long now = clock.millis();
    int free = host.gate().free(now);
    while (host.contending().size() < free && host.hasParked()) {
      contest.stand(host.unparkFirst());
    }
    note(host, free, now);
  }

  private void park(FlowQueue<T> queue) {
    HostTurns<T> host = queue.host();
    long now = clock.millis();
    host.park(queue);
    note(host, host.gate().free(now), now);
  }

  /** Notes what those who are still parked wait for. */
  private void note(HostTurns<T> host, int free, long now) {
    boolean parked = host.hasParked();
    if (parked && free > 0) {
      offering.add(host);
    } else {
      offering.remove(host);
    }
    long wakesAt = parked ? host.gate().opensAt(now) : HostTurns.AWAKE;
    if (wakesAt != host.wakesAt()) {
      asleep.remove(host);
      host.wakesAt(wakesAt);
      if (wakesAt != HostTurns.AWAKE) {
        asleep.add(host);
      }
    }
  }

  // ---- what is over

  private void forgetIfIdle(FlowQueue<T> queue) {
    if (!queue.idle()) {
      return;
    }
    HostTurns<T> host = queue.host();
    Map<String, FlowQueue<T>> ofRegistration = flows.get(queue.flow().uid());
    if (ofRegistration != null && ofRegistration.remove(host.name()) != null) {
      contest.forget(queue);
      if (ofRegistration.isEmpty()) {
        flows.remove(queue.flow().uid());
      }
    }
    host.forget(queue);
    if (host.idle()) {
      rest(host);
    }
  }

  /** A host with nothing to do is remembered for a while: its bucket and how it answered. */
  private void rest(HostTurns<T> host) {
    long now = clock.millis();
    resting.put(host, now);
    while (resting.size() > MOST_RESTING || resting.firstEntry().getValue() + REST_MILLIS <= now) {
      HostTurns<T> longest = resting.pollFirstEntry().getKey();
      hosts.remove(longest.name());
      if (!longest.gate().bucketFull(now)) {
        bucketsEmptyAt = now;
      }
    }
  }
}
