package io.bgfetch.gateway.shard;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One partition of a topic. */
final class SimulatedLog<T> {

  private final Schedule schedule;
  private final Consumer<T> appended;
  private final List<T> records = new ArrayList<>();
  private final List<Long> times = new ArrayList<>();
  private int incarnation;

  /**
   * An empty one.
   *
   * @param appended hears of each record
   */
  SimulatedLog(Schedule schedule, Consumer<T> appended) {
    this.schedule = schedule;
    this.appended = appended;
  }

  long append(T record) {
    records.add(record);
    times.add(schedule.now());
    appended.accept(record);
    return records.size() - 1;
  }

  long end() {
    return records.size();
  }

  List<T> read(long from, int most) {
    int first = (int) Math.min(from, records.size());
    return List.copyOf(records.subList(first, Math.min(records.size(), first + most)));
  }

  /** The offset of the first record that is not older than this. */
  long offsetAt(long time) {
    int offset = records.size();
    while (offset > 0 && times.get(offset - 1) >= time) {
      offset--;
    }
    return offset;
  }

  /** The topic's id: one that was lost and made again has another. */
  int incarnation() {
    return incarnation;
  }

  /** The topic is lost and comes back empty. */
  void lose() {
    records.clear();
    times.clear();
    incarnation++;
  }
}
