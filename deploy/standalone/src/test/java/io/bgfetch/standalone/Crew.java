package io.bgfetch.standalone;

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
    members.forEach(BgfetchProcess::awaitUrl);
  }

  /** One of those that go on, a ready one if there is any. */
  Optional<BgfetchProcess> any(RandomGenerator random) {
    List<BgfetchProcess> going =
        members.stream().filter(member -> member.isAlive() && !halted.contains(member)).toList();
    List<BgfetchProcess> ready = going.stream().filter(BgfetchProcess::isReady).toList();
    List<BgfetchProcess> choice = ready.isEmpty() ? going : ready;
    return choice.isEmpty()
        ? Optional.empty()
        : Optional.of(choice.get(random.nextInt(choice.size())));
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
