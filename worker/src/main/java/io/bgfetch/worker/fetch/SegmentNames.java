package io.bgfetch.worker.fetch;

import io.bgfetch.blob.BlobKeys;
import io.bgfetch.message.Task;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Names for what one attempt stores, each given once: an attempt that begins a body anew names its
 * segments on from those that it threw away. Thread-safe.
 */
final class SegmentNames implements Supplier<String> {

  private final Task task;
  private final AtomicInteger next = new AtomicInteger();

  SegmentNames(Task task) {
    this.task = task;
  }

  @Override
  public String get() {
    return BlobKeys.responseSegment(
        task.uid(), task.index(), task.attempt(), task.token(), next.getAndIncrement());
  }
}
