package io.bgfetch.worker.lane;

import java.util.Comparator;
import java.util.TreeSet;

/**
 * Those who contend for turns: who has the fewest goes first, and of those who have as many the one
 * whose last turn was longest ago. Every step takes logarithmic time.
 *
 * @param <V> who contends
 */
final class Turns<V> {

  private final TreeSet<Contender<V>> standing = new TreeSet<>(Contender.ORDER);
  private long turns;

  /** One who may stand here, and has no turn yet: behind those who have none either. */
  Contender<V> contender(V who) {
    return new Contender<>(this, who);
  }

  boolean isEmpty() {
    return standing.isEmpty();
  }

  /** Who goes next; there is one. */
  V first() {
    return standing.first().who;
  }

  /** One who contends, when there is something to contend for. */
  static final class Contender<V> implements Comparable<Contender<V>> {

    private static final Comparator<Contender<?>> ORDER =
        Comparator.<Contender<?>>comparingInt(c -> c.running).thenComparingLong(c -> c.lastTurn);

    private final Turns<V> turns;
    private final V who;
    private int running;
    private long lastTurn;
    private boolean stands;

    private Contender(Turns<V> turns, V who) {
      this.turns = turns;
      this.who = who;
      this.lastTurn = turns.turns++;
    }

    void stand() {
      if (!stands) {
        stands = true;
        turns.standing.add(this);
      }
    }

    void withdraw() {
      if (stands) {
        turns.standing.remove(this);
        stands = false;
      }
    }

    boolean stands() {
      return stands;
    }

    void began() {
      count(1, turns.turns++);
    }

    void ended() {
      count(-1, lastTurn);
    }

    /** The order depends on what changes here. */
    private void count(int more, long turn) {
      boolean stood = stands;
      withdraw();
      running += more;
      lastTurn = turn;
      if (stood) {
        stand();
      }
    }

    int running() {
      return running;
    }

    @Override
    public int compareTo(Contender<V> other) {
      return ORDER.compare(this, other);
    }
  }
}
