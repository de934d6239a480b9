package io.bgfetch.worker.task;

import io.bgfetch.message.FetchEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/** Counts how tasks end. */
public final class TaskMeters {

  private static final String ENDED = "bgfetch.worker.fetches";

  private final MeterRegistry registry;
  private final Tags tags;
  private final Counter broke;
  private final Counter yielded;

  /**
   * Meters in this registry.
   *
   * @param tags of this worker
   */
  public TaskMeters(MeterRegistry registry, Tags tags) {
    this.registry = registry;
    this.tags = tags;
    this.broke = counter("broke");
    this.yielded = counter("yielded");
  }

  void ended(FetchEvent.OfTask last) {
    switch (last) {
      case FetchEvent.Settled settled -> counter(settled.result().wireName()).increment();
      case FetchEvent.Broke broken -> broke.increment();
      case FetchEvent.Yielded back -> yielded.increment();
      default -> throw new IllegalArgumentException("ends no task: " + last);
    }
  }

  private Counter counter(String result) {
    return Counter.builder(ENDED)
        .description("Attempts by how they ended")
        .tags(tags)
        .tag("result", result)
        .register(registry);
  }
}
