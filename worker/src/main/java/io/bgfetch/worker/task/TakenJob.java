package io.bgfetch.worker.task;

import io.bgfetch.message.FetchJob;
import io.bgfetch.message.Task;

/**
 * A job that is this worker's now.
 *
 * @param task with a token of this worker's own
 * @param partition of the jobs topic that it came by
 * @param bytes of its message
 */
public record TakenJob(FetchJob job, Task task, int partition, int bytes) {}
