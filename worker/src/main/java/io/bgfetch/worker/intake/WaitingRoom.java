package io.bgfetch.worker.intake;

import io.bgfetch.worker.task.Load;

/**
 * How many jobs a worker holds before it takes no more. There is room for many that wait, because
 * here it is chosen who goes next, while in Kafka the jobs of a host that does not answer stand
 * before those of all others.
 *
 * @param waiting jobs that may wait for their turn
 * @param held jobs that may be held in all, those included whose last event is not acknowledged
 * @param bytes of the messages of all that are held
 */
record WaitingRoom(int waiting, int held, long bytes) {

  private static final int WAITING_PER_TURN = 8;
  private static final int HELD_PER_TURN = 10;
  private static final int PART_OF_MEMORY = 8;

  /** The room of a worker that runs so many fetches at once in so much memory. */
  static WaitingRoom of(int concurrency, long memory) {
    return new WaitingRoom(
        WAITING_PER_TURN * concurrency, HELD_PER_TURN * concurrency, memory / PART_OF_MEMORY);
  }

  /** Whether more may be taken beside these. */
  boolean hasRoom(Load load) {
    return load.waiting() < waiting && load.held() < held && load.bytes() < bytes;
  }
}
