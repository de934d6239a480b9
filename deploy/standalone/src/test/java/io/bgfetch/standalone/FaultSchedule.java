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
  private static final int LARGEST_GAP_MILLIS = 4_000;

  private final Random random;
  private final List<Strike> strikes = new ArrayList<>();
  private int at;
  private final PriorityQueue<Action> actions =
      new PriorityQueue<>(Comparator.comparing(Action::atMillis));

  /**
   * One fault.
   *
   * @param atMillis after the beginning
   * @param lastsMillis until it is made good
   */
  private record Strike(Fault fault, int atMillis, int lastsMillis) {
    int overMillis() {
      return atMillis + lastsMillis;
    }
  }

  private record Action(long atMillis, String what, Fault.Remedy does) {}

  private FaultSchedule(long seed) {
    this.random = new Random(seed);
  }

  /**
   * One of each that is told apart by what it takes to get over it: while one worker is halted the
   * other processes suffer, and when it is back the backends do.
   */
  static FaultSchedule oneOfEach(long seed) {
    FaultSchedule schedule = new FaultSchedule(seed);
    schedule.add(Fault.WORKER_HALTED);
    schedule.addShuffled(Fault.WORKER_KILLED, Fault.GATEWAY_KILLED, Fault.STORE_FULL);
    schedule.at = schedule.strikes.getFirst().overMillis();
    schedule.addShuffled(Fault.POSTGRES_KILLED, Fault.KAFKA_KILLED);
    return schedule;
  }

  private void addShuffled(Fault... faults) {
    List<Fault> order = new ArrayList<>(List.of(faults));
    Collections.shuffle(order, random);
    order.forEach(this::add);
  }

  /** So many of any kind. */
  static FaultSchedule ofAny(long seed, int faults) {
    FaultSchedule schedule = new FaultSchedule(seed);
    Fault[] all = Fault.values();
    for (int i = 0; i < faults; i++) {
      schedule.add(all[schedule.random.nextInt(all.length)]);
    }
    return schedule;
  }

  private void add(Fault fault) {
    at += random.nextInt(LARGEST_GAP_MILLIS);
    strikes.add(new Strike(fault, at, fault.lasting(random)));
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
