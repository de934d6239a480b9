package io.bgfetch.gateway.shard;

import java.util.Map;

/**
 * The jobs topic as it stood at one moment.
 *
 * @param starts the offset of the first record that is still kept, by partition
 * @param ends the offset after the last record, by partition
 * @param committed what the group of workers had committed; a partition without an entry has
 *     nothing
 */
record QueueView(Map<Integer, Long> starts, Map<Integer, Long> ends, Map<Integer, Long> committed) {

  /**
   * Whether all records below {@code offset} have been taken. A committed offset outside the log
   * counts as its start; what lies beyond the log's end is gone with a lost topic, and so not
   * queued.
   */
  boolean taken(int partition, long offset) {
    long start = starts.getOrDefault(partition, 0L);
    long end = ends.getOrDefault(partition, 0L);
    long taken = committed.getOrDefault(partition, start);
    return (taken >= start && taken <= end ? taken : start) >= Math.min(offset, end);
  }
}
