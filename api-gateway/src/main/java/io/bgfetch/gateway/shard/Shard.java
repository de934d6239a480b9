package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RegistrationResult;
import io.bgfetch.gateway.shard.Step.Given;
import io.bgfetch.gateway.shard.Step.Plan;
import io.bgfetch.gateway.shard.Step.Run;
import io.bgfetch.gateway.shard.Step.Stretch;
import io.bgfetch.gateway.shard.Step.Waiting;
import io.bgfetch.gateway.shard.Step.WithoutRoom;
import io.bgfetch.message.ControlMessage;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchEvent.Tick;
import io.bgfetch.message.FetchJob;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The functional core of a shard: everything that one owner knows of the registrations that hash to
 * it, and every decision about them. Plain Java: no clock, thread, Kafka or SQL in it. It is
 * stepped: {@link #plan} says what the step wants, {@link #decide} is called inside the transaction
 * with what was found, and its decision is written and committed before anything is sent. When the
 * fate of a transaction is not known, the shard is thrown away and loaded anew.
 */
final class Shard {

  private final String owner;
  private final ShardRules rules;
  private final Retries retries;
  private final Leases leases;
  private final Tally tally;
  private final Map<UUID, ActiveRegistration> active = new LinkedHashMap<>();
  private final Reminders reminders = new Reminders();
  private final Quota quota;
  private final Blocks blocks;
  private final Dispatcher dispatcher;
  private final Set<UUID> lookAgain = new LinkedHashSet<>();
  private long clock;
  private int ticksAhead;
  private long checkedAt;
  private boolean wantsToGoOn;

  /**
   * A shard that knows nothing yet.
   *
   * @param owner the token of this ownership, which its ticks carry
   */
  Shard(String owner, ShardRules rules, RandomGenerator random) {
    this.owner = owner;
    this.rules = rules;
    this.retries = new Retries(rules.retryBase(), rules.retryCap(), random);
    this.leases = new Leases(rules.silentTicks(), rules.unseenTicks());
    this.quota = new Quota(rules.quotaBytes());
    this.blocks = new Blocks(new BlockPolicy(rules.retryBase(), rules.retryCap(), random));
    Window window = new Window(rules.waitingFloor());
    this.tally = new Tally(window);
    JobMaker jobs = new JobMaker(rules.layout(), rules.hostLimits());
    this.dispatcher = new Dispatcher(jobs, window, tally, blocks, active);
  }

  Set<UUID> known() {
    return active.keySet();
  }

  boolean knows(UUID uid) {
    return active.containsKey(uid);
  }

  /** Takes a registration into memory, with its records that are released and have not ended. */
  void load(RegistrationTerms terms, RegistrationState state, List<Loaded> released) {
    ActiveRegistration registration = new ActiveRegistration(terms, state, tally, quota);
    for (Loaded one : released) {
      UnderWay known = Objects.requireNonNullElse(one.state(), UnderWay.FIRST_ATTEMPT);
      registration.fly(
          one.index(),
          new InFlight(one.request(), known, one.state() != null, clock, new Barrier.Unknown()));
    }
    active.put(terms.uid(), registration);
    dispatcher.offer(registration);
  }

  /**
   * A released record as Postgres knows it; a null state is a first attempt of which there is no
   * news.
   */
  record Loaded(int index, FetchRequest request, @Nullable UnderWay state) {}

  /**
   * Plans a step.
   *
   * @param events the batch to apply
   * @param waiting records whose next try has come, those first that wait for longest
   * @param releasing whether anything may be decided but what the events say
   */
  Plan plan(List<FetchEvent> events, List<Waiting> waiting, boolean releasing) {
    Set<UUID> uids = new LinkedHashSet<>();
    events.forEach(event -> addConcerned(event, uids));
    Dispatcher.Intent intent = new Dispatcher.Intent(List.of(), Map.of());
    List<RecordId> silent = List.of();
    if (releasing) {
      intent = dispatcher.plan(waiting);
      if (checkedAt < clock) {
        checkedAt = clock;
        silent = leases.silent(active.values(), clock);
      }
    }
    wantsToGoOn = !intent.isEmpty() || dispatcher.wantsToLook();
    lookAgain.forEach(uid -> addKnown(uid, uids));
    lookAgain.clear();
    uids.addAll(intent.firsts().keySet());
    intent.again().forEach(one -> uids.add(one.id().uid()));
    silent.forEach(id -> uids.add(id.uid()));
    return new Plan(uids, intent.firsts(), intent.again(), silent);
  }

  private void addConcerned(FetchEvent event, Set<UUID> uids) {
    switch (event) {
      case FetchEvent.Registered registered -> addKnown(registered.uid(), uids);
      case FetchEvent.Changed changed -> addKnown(changed.uid(), uids);
      case FetchEvent.OfTask ofTask -> addKnown(ofTask.task().uid(), uids);
      case FetchEvent.Report report ->
          report.tasks().forEach(progress -> addKnown(progress.task().uid(), uids));
      case Tick tick -> {}
      case FetchEvent.Alive alive -> {}
    }
  }

  private void addKnown(UUID uid, Set<UUID> uids) {
    if (active.containsKey(uid)) {
      uids.add(uid);
    }
  }

  /** Whether the last step released something, so that the next may have more to release. */
  boolean wantsToRelease() {
    return wantsToGoOn;
  }

  /** Whether records that wait could be released if there were any. */
  boolean hasRoom() {
    return dispatcher.hasRoom();
  }

  /** Whose waiting records would not be released. */
  WithoutRoom withoutRoom() {
    return dispatcher.withoutRoom();
  }

  /** Records of which the shard wants to know whom they are to be fetched from; it asks once. */
  Map<UUID, Run> takeLooks() {
    return dispatcher.takeLooks();
  }

  /** What was found there. */
  void hearOfHosts(Map<UUID, Stretch> found) {
    dispatcher.hear(found);
  }

  /** Looks at these with the next step, though no event is about them. */
  void lookAgainAt(Collection<UUID> uids) {
    lookAgain.addAll(uids);
  }

  /** With the next step, sees whether what it holds for paused still is: a poke may be lost. */
  void lookAgainAtPaused() {
    lookAgainAt(
        active.values().stream()
            .filter(registration -> registration.state().paused())
            .map(ActiveRegistration::uid)
            .toList());
  }

  /** Whose storage must be known; none where nobody has a quota. */
  Set<String> tenantsWithQuota() {
    return quota.limited()
        ? active.values().stream().map(r -> r.terms().tenant()).collect(Collectors.toSet())
        : Set.of();
  }

  /** What these tenants have stored, over all shards. */
  void hearOfStorage(Map<String, Long> sums) {
    quota.read(sums);
  }

  /**
   * So many of its ticks stand in its log behind the events of the coming step. What happens now
   * comes after them: where the shard is behind with reading, they say nothing of how long it is
   * ago.
   */
  void hearOfTicksAhead(int unread) {
    ticksAhead = unread;
  }

  /** Which hosts are blocked, by all shards, and how late it is by Postgres's clock. */
  void hearOfBlocks(Map<String, HostBlock> rows, long now) {
    blocks.read(rows, now);
  }

  /** The hosts that are blocked now, as far as this shard knows. */
  List<ControlMessage.Block> blockedHosts() {
    return blocks.active();
  }

  /** How many records have started and not ended, by tenant, as far as workers said. */
  Map<String, Integer> running() {
    return tally.running();
  }

  /** These registrations have ended without us. */
  void forget(Set<UUID> uids) {
    uids.forEach(this::forget);
  }

  /** Whether these events change nothing but the shard's own clock. */
  boolean isSilent(List<FetchEvent> events) {
    return events.stream()
        .noneMatch(
            event -> event instanceof FetchEvent.OfTask || event instanceof FetchEvent.Report);
  }

  /** Takes events that change nothing but the clock, without a transaction. */
  void pass(List<FetchEvent> events) {
    for (FetchEvent event : events) {
      if (event instanceof Tick tick) {
        tick(tick);
      }
    }
  }

  /** Decides a step, inside its transaction. */
  Decision decide(Given given) {
    Decision decision = new Decision();
    blocks.at(given.now());
    takeLocked(given, decision);
    for (FetchEvent event : given.events()) {
      apply(event, given, decision);
    }
    if (!decision.blocks().isEmpty()) {
      decision.say(blocked(decision.blocks()));
    }
    giveUpLost(given, decision);
    dispatcher.release(given, clock + ticksAhead, decision);
    for (UUID uid : given.plan().uids()) {
      conclude(uid, given.now(), decision);
    }
    return decision;
  }

  private static ControlMessage.Blocked blocked(Map<String, HostBlock> decided) {
    return new ControlMessage.Blocked(
        decided.entrySet().stream()
            .map(block -> new ControlMessage.Block(block.getKey(), block.getValue().until()))
            .toList());
  }

  private void takeLocked(Given given, Decision decision) {
    Set<UUID> missing = new LinkedHashSet<>(given.plan().uids());
    for (RegistrationState row : given.locked()) {
      missing.remove(row.uid());
      Objects.requireNonNull(active.get(row.uid())).lockedAs(row);
    }
    for (UUID uid : missing) {
      forget(uid);
      decision.say(new ControlMessage.Cancel(uid));
      decision.foundEnded(uid);
    }
  }

  private void forget(UUID uid) {
    ActiveRegistration gone = active.remove(uid);
    if (gone != null) {
      gone.endAtOnce(FetchResult.ABORTED);
      gone.landAll();
    }
  }

  private void apply(FetchEvent event, Given given, Decision decision) {
    switch (event) {
      case Tick tick -> tick(tick);
      case FetchEvent.Report report -> hear(report, given, decision);
      case FetchEvent.OfTask news -> {
        hearOfHost(news, decision);
        hear(news, given.now(), decision);
      }
      case FetchEvent.Registered registered -> {}
      case FetchEvent.Changed changed -> {}
      case FetchEvent.Alive alive -> {}
    }
  }

  private void tick(Tick tick) {
    if (tick.owner().equals(owner)) {
      clock++;
      dispatcher.tick();
      reminders.tick(clock);
    }
  }

  private void hear(FetchEvent.Report report, Given given, Decision decision) {
    for (FetchEvent.Progress progress : report.tasks()) {
      ActiveRegistration registration = active.get(progress.task().uid());
      if (registration == null
          || registration.ending()
          || !registration.isCurrent(progress.task())
          || registration.isGrantedToAnother(progress.task())) {
        reminders.drop(progress.task(), clock, decision);
      } else {
        InFlight record = Objects.requireNonNull(registration.find(progress.task().index()));
        record.heardOf(report.worker(), clock);
        registration.started(record, progress.started());
        new RecordMoves(registration, record, retries, blocks, decision, given.now())
            .count(progress);
        if (registration.state().paused()) {
          reminders.pause(registration, clock, decision);
        }
      }
    }
  }

  /** What a host said counts, whether or not the task that it was said to is still current. */
  private void hearOfHost(FetchEvent.OfTask news, Decision decision) {
    switch (news) {
      case FetchEvent.Refused refused -> blocks.refused(refused, decision);
      case FetchEvent.Settled settled -> blocks.answered(settled.response());
      default -> {}
    }
  }

  private void hear(FetchEvent.OfTask news, long now, Decision decision) {
    ActiveRegistration registration = active.get(news.task().uid());
    if (registration == null || registration.ending() || !registration.isCurrent(news.task())) {
      if (news instanceof FetchEvent.Asked) {
        reminders.drop(news.task(), clock, decision);
      }
      return;
    }
    if (registration.isGrantedToAnother(news.task())) {
      reminders.drop(news.task(), clock, decision);
      return;
    }
    InFlight record = Objects.requireNonNull(registration.find(news.task().index()));
    record.heardOf(news.worker(), clock);
    new RecordMoves(registration, record, retries, blocks, decision, now).apply(news);
  }

  private void giveUpLost(Given given, Decision decision) {
    for (RecordId id : given.plan().silent()) {
      ActiveRegistration registration = active.get(id.uid());
      InFlight record = registration == null ? null : registration.find(id.index());
      if (registration != null
          && record != null
          && !registration.ending()
          && leases.isLost(record, clock, clock + ticksAhead, given.queue())) {
        new RecordMoves(registration, record, retries, blocks, decision, given.now())
            .lose(id, rules.lostLimit());
      }
    }
  }

  /** Where a job that was released came to stand; null where nobody knows whether it arrived. */
  void produced(FetchJob job, @Nullable Barrier where) {
    ActiveRegistration registration = active.get(job.uid());
    InFlight record = registration == null ? null : registration.find(job.index());
    if (record != null && record.state().attempt() == job.attempt()) {
      record.produced(where == null ? new Barrier.Unknown() : where);
    }
  }

  private void conclude(UUID uid, long now, Decision decision) {
    ActiveRegistration registration = active.get(uid);
    if (registration == null) {
      return;
    }
    registration
        .inFlight()
        .forEach(
            (index, record) -> {
              if (record.takeChanged()) {
                decision.write(new RecordId(uid, index), record.host, record.state());
              }
            });
    decision.count(registration.terms().tenant(), registration.traffic());
    Decision.Change change = registration.change(now);
    if (change != null) {
      decision.change(change);
      decision.store(registration.terms().tenant(), registration.stored());
      if (change.result() != RegistrationResult.NONE) {
        active.remove(uid);
        registration.landAll();
        if (registration.ending()) {
          decision.say(new ControlMessage.Cancel(uid));
        }
        return;
      }
    }
    dispatcher.offer(registration);
  }
}
