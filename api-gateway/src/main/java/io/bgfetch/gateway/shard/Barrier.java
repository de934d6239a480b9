package io.bgfetch.gateway.shard;

import java.util.Map;

/**
 * What must have been taken from the jobs topic before a job that nobody reports can be said to be
 * lost, and not merely to wait in the queue.
 */
sealed interface Barrier {

  /** Whether the job is not in the queue any more, as the queue is now. */
  boolean passed(QueueView queue);

  /** The job is on its way to Kafka: nothing can be said. */
  record Producing() implements Barrier {
    @Override
    public boolean passed(QueueView queue) {
      return false;
    }
  }

  /** Nobody knows where the job is or was: wherever it is, it is before today's ends. */
  record Unknown() implements Barrier {
    @Override
    public boolean passed(QueueView queue) {
      return false;
    }
  }

  /** The job stands at this offset. */
  record At(int partition, long offset) implements Barrier {
    @Override
    public boolean passed(QueueView queue) {
      return queue.taken(partition, offset + 1);
    }
  }

  /** The job stands before these offsets, if it stands anywhere. */
  record Before(Map<Integer, Long> ends) implements Barrier {
    @Override
    public boolean passed(QueueView queue) {
      return ends.entrySet().stream().allMatch(e -> queue.taken(e.getKey(), e.getValue()));
    }
  }
}
