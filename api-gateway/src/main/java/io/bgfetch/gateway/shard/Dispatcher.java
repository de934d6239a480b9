package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.gateway.shard.Step.First;
import io.bgfetch.gateway.shard.Step.Given;
import io.bgfetch.gateway.shard.Step.Run;
import io.bgfetch.gateway.shard.Step.Stretch;
import io.bgfetch.gateway.shard.Step.Waiting;
import io.bgfetch.gateway.shard.Step.WithoutRoom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * What a shard releases: records that wait for their next try or are parked, and those whose turn
 * comes for the first time, within what is fair to tenants, registrations and hosts.
 *
 * <p>Which host a record names is known once its request is read. One whose host has no room when
 * its turn comes is passed over, and parked if one behind it is released: it waits in Postgres,
 * without having been tried, until its host has room. A registration that can release nothing of
 * what it knows looks further ahead, and is held up where that is in vain.
 */
final class Dispatcher {

  /** Records that one registration may have parked, as far as the present owner knows. */
  static final int MOST_PARKED = 1_000;

  /** Records that a shard may have parked, as far as its present owner knows. */
  static final int MOST_PARKED_IN_ALL = 8_192;

  /** Where hosts are mixed, more is read than may be released: so much in all in one step. */
  private static final int READ_OF_MIXED = 64;

  private static final int LOOKS_AT_ONCE = 16;

  private final Map<UUID, ActiveRegistration> active;
  private final Tally tally;
  private final Blocks blocks;
  private final Window window;
  private final FairShares shares;
  private final Backlog backlog;
  private final JobMaker jobs;
  private final Map<UUID, Run> looks = new LinkedHashMap<>();
  private boolean firstsFirst;

  /**
   * How many records lie before the first one that may be released, in the step that is planned.
   */
  private final Map<UUID, Integer> leads = new HashMap<>();

  Dispatcher(
      JobMaker jobs,
      Window window,
      Tally tally,
      Blocks blocks,
      Map<UUID, ActiveRegistration> active) {
    this.jobs = jobs;
    this.window = window;
    this.tally = tally;
    this.blocks = blocks;
    this.active = active;
    this.shares = new FairShares(window, tally, blocks);
    this.backlog = new Backlog(shares);
  }

  void offer(ActiveRegistration registration) {
    backlog.offer(registration);
  }

  /** A second has passed. */
  void tick() {
    window.tick();
    backlog.tick();
  }

  /** Whether anything may be released at all. */
  boolean hasRoom() {
    shares.begin();
    return shares.free() > 0;
  }

  /** Whose records need not be looked for: they would only stand before those of others. */
  WithoutRoom withoutRoom() {
    shares.begin();
    Set<UUID> registrations = new HashSet<>();
    for (ActiveRegistration registration : active.values()) {
      if (shares.of(registration, 0) == 0) {
        registrations.add(registration.uid());
      }
    }
    return new WithoutRoom(shares.hostsWithoutRoom(), registrations);
  }

  // ---- looking ahead

  /** Stretches of which it must be known which hosts they name. */
  Map<UUID, Run> takeLooks() {
    Map<UUID, Run> wanted = Map.copyOf(looks);
    looks.clear();
    return wanted;
  }

  boolean wantsToLook() {
    return !looks.isEmpty();
  }

  /** What was found there. */
  void hear(Map<UUID, Stretch> stretches) {
    stretches.forEach(
        (uid, stretch) -> {
          ActiveRegistration registration = active.get(uid);
          if (registration != null && registration.ahead().upTo() == stretch.run().from()) {
            registration.ahead().extend(stretch.run().to(), stretch.named());
          }
        });
    backlog.letGo(stretches.keySet());
  }

  // ---- planning

  /** What is to be released: records that were released or passed over before, and others. */
  record Intent(List<Waiting> again, Map<UUID, First> firsts) {
    boolean isEmpty() {
      return again.isEmpty() && firsts.isEmpty();
    }
  }

  /**
   * Who comes first takes turns, where there are both: a host's last free slot must not always go
   * to the same.
   */
  Intent plan(List<Waiting> waiting) {
    shares.begin();
    firstsFirst = !(waiting.isEmpty() || firstsFirst);
    if (firstsFirst) {
      Map<UUID, First> firsts = planFirsts();
      return new Intent(planAgain(waiting), firsts);
    }
    List<Waiting> again = planAgain(waiting);
    return new Intent(again, planFirsts());
  }

  /**
   * Which of the records that wait are to be released: about half of what is free, so that neither
   * they nor those that were never tried can keep the others from it.
   */
  private List<Waiting> planAgain(List<Waiting> waiting) {
    int most = (shares.free() + 1) / 2;
    List<Waiting> again = new ArrayList<>();
    Map<UUID, Integer> granted = new HashMap<>();
    for (Waiting one : waiting) {
      ActiveRegistration registration = active.get(one.id().uid());
      if (again.size() < most
          && registration != null
          && registration.find(one.id().index()) == null
          && (one.host() == null || shares.of(one.host()) > 0)
          && shares.of(registration, granted.getOrDefault(registration.uid(), 0)) > 0) {
        again.add(one);
        granted.merge(registration.uid(), 1, Integer::sum);
        shares.give(registration, 1);
        if (one.host() != null) {
          shares.give(registration, one.host(), 1);
        }
      }
    }
    return again;
  }

  private Map<UUID, First> planFirsts() {
    Map<UUID, First> firsts = new LinkedHashMap<>();
    leads.clear();
    Map<ActiveRegistration, Integer> planned = backlog.share(this::outlook);
    int mixed = Math.ceilDiv(READ_OF_MIXED, Math.max(1, planned.size()));
    planned.forEach(
        (registration, most) -> firsts.put(registration.uid(), first(registration, most, mixed)));
    return firsts;
  }

  /** How many of its next records may be released, as far as their hosts are known. */
  private int outlook(ActiveRegistration registration, int granted) {
    int cursor = registration.state().dispatched();
    Ahead ahead = registration.ahead();
    if (ahead.known(cursor) <= granted) {
      return Integer.MAX_VALUE;
    }
    int room = 0;
    int lead = Integer.MAX_VALUE;
    Set<String> withinReach = new HashSet<>();
    for (String host : ahead.hosts()) {
      int before = ahead.first(host, cursor) - cursor;
      if (before <= mayPark(registration)) {
        withinReach.add(host);
        int ofHost = shares.of(registration, host);
        room += ofHost;
        lead = ofHost > 0 ? Math.min(lead, before) : lead;
      }
    }
    if (granted == 0) {
      leads.put(registration.uid(), lead);
    }
    if (room == 0 && granted == 0) {
      holdUp(registration, withinReach);
    }
    return room;
  }

  /**
   * Nothing of what is known may be released. Where that is little, more is to be known; where
   * others want to look as well, it keeps its place until it is its turn to.
   */
  private void holdUp(ActiveRegistration registration, Set<String> hosts) {
    int cursor = registration.state().dispatched();
    int from = registration.ahead().upTo();
    int to = Math.min(registration.state().total(), cursor + Ahead.FAR);
    boolean worthALook =
        !registration.ahead().full()
            && from < to
            && from - cursor <= Ahead.FAR / 2
            && from - cursor <= mayPark(registration);
    if (worthALook && looks.size() >= LOOKS_AT_ONCE) {
      return;
    }
    if (worthALook) {
      looks.put(registration.uid(), new Run(from, to - from));
    }
    backlog.holdUp(registration, hosts);
  }

  /** How many records more it may park. */
  private int mayPark(ActiveRegistration registration) {
    return Math.max(
        0, Math.min(MOST_PARKED - registration.parked(), MOST_PARKED_IN_ALL - tally.parked()));
  }

  /**
   * What of a registration is to be read.
   *
   * @param atLeast so many records of one whose hosts are mixed
   */
  private First first(ActiveRegistration registration, int most, int atLeast) {
    int cursor = registration.state().dispatched();
    int lead = leads.getOrDefault(registration.uid(), 0);
    boolean mixed = registration.ahead().hosts().size() > 1;
    int wanted = lead + (mixed ? Math.max(most, atLeast) : most);
    int left = registration.state().total() - cursor;
    return new First(new Run(cursor, Math.min(left, Math.min(wanted, Ahead.FAR))), most);
  }

  // ---- deciding

  /** Releases what was planned and may still be released. */
  void release(Given given, long clock, Decision decision) {
    shares.begin();
    for (Waiting waiting : given.plan().again()) {
      ActiveRegistration registration = active.get(waiting.id().uid());
      if (registration != null
          && !registration.state().paused()
          && !registration.ending()
          && registration.find(waiting.id().index()) == null) {
        releaseAgain(registration, waiting, given, clock, decision);
      }
    }
    given
        .plan()
        .firsts()
        .forEach(
            (uid, first) -> {
              ActiveRegistration registration = active.get(uid);
              if (registration != null && registration.hasBacklog()) {
                releaseFirsts(registration, first, given, clock, decision);
              }
            });
  }

  private void releaseAgain(
      ActiveRegistration registration,
      Waiting waiting,
      Given given,
      long clock,
      Decision decision) {
    int index = waiting.id().index();
    InFlight record = inFlight(waiting.id(), waiting.state().released(), true, given, clock);
    if (shares.of(record.host) > 0) {
      if (waiting.state().parked()) {
        registration.park(-1);
      }
      decision.write(waiting.id(), record.host, record.state());
      release(registration, index, record, given.now(), decision);
    } else if (waiting.host() == null) {
      decision.write(waiting.id(), record.host, waiting.state());
    }
  }

  private void releaseFirsts(
      ActiveRegistration registration, First first, Given given, long clock, Decision decision) {
    List<InFlight> passed = new ArrayList<>();
    int mayPark = mayPark(registration);
    int left = first.most();
    int next = first.run().from();
    for (; next < first.run().to() && left > 0 && passed.size() <= mayPark; next++) {
      RecordId id = new RecordId(registration.uid(), next);
      InFlight record = inFlight(id, UnderWay.FIRST_ATTEMPT, false, given, clock);
      if (shares.of(registration, record.host) > 0) {
        mayPark -= park(registration, passed, given.now(), decision);
        release(registration, registration.dispatchNext(), record, given.now(), decision);
        left--;
      } else {
        passed.add(record);
      }
    }
    if (!passed.isEmpty()) {
      registration.ahead().read(next, named(passed, next - passed.size()));
    }
  }

  /** Something behind these is released, so that they are passed over for good. */
  private int park(
      ActiveRegistration registration, List<InFlight> passed, long now, Decision decision) {
    int parked = passed.size();
    for (InFlight record : passed) {
      RecordId id = new RecordId(registration.uid(), registration.dispatchNext());
      long at = Math.max(now, blocks.until(record.host));
      decision.write(id, record.host, UnderWay.parked(at));
    }
    registration.park(parked);
    passed.clear();
    return parked;
  }

  private static LinkedHashMap<String, Integer> named(List<InFlight> records, int from) {
    LinkedHashMap<String, Integer> named = new LinkedHashMap<>();
    for (int i = 0; i < records.size(); i++) {
      named.putIfAbsent(records.get(i).host, from + i);
    }
    return named;
  }

  private static InFlight inFlight(
      RecordId id, UnderWay state, boolean inTable, Given given, long clock) {
    FetchRequest request = Objects.requireNonNull(given.requests().get(id));
    return new InFlight(request, state, inTable, clock, new Barrier.Producing());
  }

  private void release(
      ActiveRegistration registration, int index, InFlight record, long now, Decision decision) {
    registration.fly(index, record);
    Decision.Release release = jobs.jobOf(registration, index, record, now);
    record.allow(release.job().bytesAllowed());
    decision.release(release);
  }
}
