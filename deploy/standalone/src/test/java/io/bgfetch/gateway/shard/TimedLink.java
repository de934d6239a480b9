package io.bgfetch.gateway.shard;

/** A way between two processes, by a topic: what is sent arrives in its order, a little later. */
final class TimedLink {

  private static final long HOP = 5 * Timeline.MILLI;

  private final Timeline time;
  private long lastArrival;

  TimedLink(Timeline time) {
    this.time = time;
  }

  void send(Runnable arrival) {
    lastArrival = Math.max(lastArrival, time.now() + time.about(HOP));
    time.at(lastArrival, arrival);
  }
}
