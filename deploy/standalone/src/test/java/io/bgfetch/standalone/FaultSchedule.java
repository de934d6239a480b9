package io.bgfetch.standalone;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Which faults strike when, and for how long; all of it comes from a seed. */
final class FaultSchedule {
  private static final int LARGEST_GAP_MILLIS = 5_000;

  private final Random random;
  private final List<Strike> strikes = new ArrayList<>();
  private final PriorityQueue<Action> actions =
      new PriorityQueue<>(Comparator.comparing(Action::atMillis));

  /**
   * One fault.
   *
   * @param atMillis after the beginning
   * @param lastsMillis until it is made good
   */
  record Strike(Fault fault, int atMillis, int lastsMillis) {}

  private record Action(long atMillis, String what, Fault.Remedy does) {}

  private FaultSchedule(long seed) {
    this.random = new Random(seed);
  }

  /** These, in an order and at moments that the seed says, one beginning at least each 5 s. */
  static FaultSchedule of(long seed, List<Fault> faults) {
    FaultSchedule schedule = new FaultSchedule(seed);
    List<Fault> order = new ArrayList<>(faults);
    Collections.shuffle(order, schedule.random);
    int at = 0;
    for (Fault fault : order) {
      at += schedule.random.nextInt(LARGEST_GAP_MILLIS);
      schedule.strikes.add(new Strike(fault, at, fault.lasting(schedule.random)));
    }
    return schedule;
  }

  /** So many of any kind. */
  static FaultSchedule ofAny(long seed, int faults) {
    Random choosing = new Random(~seed);
    Fault[] all = Fault.values();
    return of(seed, choosing.ints(faults, 0, all.length).mapToObj(choice -> all[choice]).toList());
  }

  List<Strike> strikes() {
    return List.copyOf(strikes);
  }

  /** Lets it all happen, and returns when everything was made good. */
  void run(ProcessCluster cluster) throws Exception {
    long start = System.nanoTime();
    for (Strike strike : strikes) {
      actions.add(
          new Action(strike.atMillis, strike.fault.name(), () -> strike(cluster, start, strike)));
    }
    while (!actions.isEmpty()) {
      Action next = actions.poll();
      pass(next.atMillis - sinceMillis(start));
      System.out.printf("faults: %6d ms %s%n", sinceMillis(start), next.what);
      next.does.apply();
    }
  }

  private void strike(ProcessCluster cluster, long start, Strike strike) throws Exception {
    Fault.Remedy remedy = strike.fault.strike(cluster, random);
    long goodAgain = sinceMillis(start) + strike.lastsMillis;
    actions.add(new Action(goodAgain, strike.fault.name() + " is over", remedy));
  }

  private static long sinceMillis(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  /** What a fault is made of is time. */
  private static void pass(long millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(Math.max(0, millis));
  }
}
