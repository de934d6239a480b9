package io.bgfetch.gateway.shard;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one process sends to one log: in order, after a while, and some of it never, or without its
 * hearing of it, or twice.
 */
final class SimulatedProducer<T> {

  private static final int AGAIN_MILLIS = 200;

  private final SimulatedProcess process;
  private final SimulatedLog<T> log;
  private final Deque<Message<T>> queue = new ArrayDeque<>();
  private final Deque<Message<T>> onTheWay = new ArrayDeque<>();
  private long lastArrival;

  private record Message<T>(T content, Consumer<@Nullable Long> acknowledged) {}

  SimulatedProducer(SimulatedProcess process, SimulatedLog<T> log) {
    this.process = process;
    this.log = log;
  }

  /** Sends; the sender hears the offset, or null where it does not know whether it arrived. */
  void send(T content, Consumer<@Nullable Long> acknowledged) {
    queue.add(new Message<>(content, acknowledged));
    process.after(process.schedule.between(0, 3), this::leave);
  }

  private void leave() {
    Message<T> message = queue.remove();
    Schedule schedule = process.schedule;
    boolean late = process.cluster.faults.strikes(Fault.SENT_LATE);
    long takes = late ? schedule.between(100, 3_000) : schedule.between(1, 15);
    long arrival = Math.max(lastArrival, schedule.now() + takes);
    if (late) {
      process.hinderedAt(arrival);
    }
    lastArrival = arrival;
    onTheWay.add(message);
    schedule.at(arrival, this::arrive);
  }

  /** The next one arrives, or is tried again for as long as Kafka is out of reach. */
  private void arrive() {
    if (process.cluster.topics.down()) {
      process.schedule.after(process.schedule.between(20, AGAIN_MILLIS), this::arrive);
      return;
    }
    Message<T> message = onTheWay.remove();
    Faults faults = process.cluster.faults;
    boolean lost = faults.strikes(Fault.SEND_LOST);
    if (lost) {
      process.hinderedAt(process.schedule.now());
    }
    Long offset = lost ? null : log.append(message.content());
    if (!lost && process.cluster.topics.mayRepeat(log) && faults.strikes(Fault.SENT_TWICE)) {
      Schedule schedule = process.schedule;
      schedule.after(schedule.between(1, 4_000), () -> log.append(message.content()));
    }
    Long heard = faults.strikes(Fault.SEND_UNKNOWN) ? null : offset;
    process.soon(() -> message.acknowledged().accept(heard));
  }
}
