package io.bgfetch.kafka;

/** The names of the topics and consumer groups. */
public final class Topics {

  /** Released jobs, keyed by host lane. */
  public static final String JOBS = "bgfetch.jobs";

  /** News for the shards: partition n belongs to shard n. */
  public static final String EVENTS = "bgfetch.events";

  /** Orders to all workers: one partition, so that all read them in one order. */
  public static final String CONTROL = "bgfetch.control";

  /** Public: what subscribers consume. */
  public static final String PROGRESS = "bgfetch.progress";

  /** The group in which workers share the jobs topic. */
  public static final String WORKERS = "bgfetch.workers";

  /** The group whose assignment says which gateway owns which shard. */
  public static final String SHARDS = "bgfetch.shards";

  private Topics() {}
}
