package io.bgfetch.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** The processes of one role, always the same number of them: who dies is replaced. Thread-safe. */
final class Crew {
  private final Supplier<BgfetchProcess> starting;
  private final Collection<BgfetchProcess> members;
  private final Set<BgfetchProcess> halted = ConcurrentHashMap.newKeySet();
  private final List<Long> wakings = new CopyOnWriteArrayList<>();

  /**
   * Starts so many; they are not ready yet.
   *
   * @param starting starts one more
   */
  Crew(int size, Supplier<BgfetchProcess> starting) {
    this.starting = starting;
    this.members = new CopyOnWriteArrayList<>(Stream.generate(starting).limit(size).toList());
  }

  List<BgfetchProcess> members() {
    return List.copyOf(members);
  }

  void awaitReady() {
    await("all to be ready").atMost(BgfetchProcess.PATIENCE).until(this::areReady);
  }

  private boolean areReady() {
    startAgainWhoGaveUp();
    assertThat(members).allSatisfy(member -> assertThat(member.isAlive()).isTrue());
    return members.stream().allMatch(BgfetchProcess::isReady);
  }

  /** One of those that live and are not halted, a ready one if there is any. */
  Optional<BgfetchProcess> any(RandomGenerator random) {
    Optional<BgfetchProcess> ready = ready(random);
    return ready.isPresent() ? ready : oneOf(going().toList(), random);
  }

  /** One of those that are ready and not halted. */
  Optional<BgfetchProcess> ready(RandomGenerator random) {
    startAgainWhoGaveUp();
    return oneOf(going().filter(BgfetchProcess::isReady).toList(), random);
  }

  private Stream<BgfetchProcess> going() {
    return members.stream().filter(member -> member.isAlive() && !halted.contains(member));
  }

  private static Optional<BgfetchProcess> oneOf(
      List<BgfetchProcess> choice, RandomGenerator random) {
    return choice.isEmpty()
        ? Optional.empty()
        : Optional.of(choice.get(random.nextInt(choice.size())));
  }

  /**
   * A process that loses a backend while it starts ends with 2: whoever runs it starts it again.
   */
  private synchronized void startAgainWhoGaveUp() {
    members.stream().filter(BgfetchProcess::gaveUp).forEach(this::replace);
  }

  /** Starts another one in its place; what becomes of it is the caller's business. */
  BgfetchProcess replace(BgfetchProcess member) {
    BgfetchProcess successor = starting.get();
    members.add(successor);
    members.remove(member);
    return successor;
  }

  void halt(BgfetchProcess member) throws Exception {
    halted.add(member);
    member.halt();
  }

  void goOn(BgfetchProcess member) throws Exception {
    wakings.add(System.nanoTime());
    member.goOn();
    halted.remove(member);
  }

  /** When members that were halted went on, by {@link System#nanoTime}. */
  List<Long> wakings() {
    return List.copyOf(wakings);
  }
}
