package io.bgfetch.worker.task;

import io.bgfetch.worker.fetch.Clearance;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/**
 * The permission of one task to send. A job is one itself, for a safe request and a short time;
 * beyond that it is asked for, again and again until it is answered. Belongs to the worker's
 * context.
 */
final class TaskPermit implements Clearance {

  private static final long ASK_EVERY_MILLIS = 1_000;

  /** What all permits of a worker look at. */
  interface Surroundings {

    long now();

    /** When the control topic was last known to be read to its end. */
    long controlReadAt();

    /** Permissions that are not younger than this count for nothing. */
    long blindUntil();
  }

  private final Surroundings surroundings;
  private final Runnable ask;
  private long permittedAt;
  private long askedAt = PermitRule.NEVER;
  private @Nullable Promise<Void> waiting;
  private boolean forFirstByte;

  /**
   * A permit.
   *
   * @param permittedAt when the job permitted it, {@link PermitRule#NEVER} if it does not
   * @param ask asks the shard
   */
  TaskPermit(Surroundings surroundings, long permittedAt, Runnable ask) {
    this.surroundings = surroundings;
    this.permittedAt = permittedAt;
    this.ask = ask;
  }

  @Override
  public Future<Void> firstByte() {
    return await(true);
  }

  @Override
  public Future<Void> furtherHop() {
    return await(false);
  }

  private Future<Void> await(boolean first) {
    Promise<Void> promise = Promise.promise();
    waiting = promise;
    forFirstByte = first;
    reconsider();
    return promise.future();
  }

  /** The shard granted it. */
  void granted(long at) {
    permittedAt = Math.max(permittedAt, at);
    askedAt = PermitRule.NEVER;
    reconsider();
  }

  /** Time has passed, or orders were heard. */
  void reconsider() {
    if (waiting == null) {
      return;
    }
    long now = surroundings.now();
    if (!forFirstByte) {
      if (PermitRule.controlFresh(surroundings.controlReadAt(), now)) {
        go();
      }
      return;
    }
    long permitted = permittedAt > surroundings.blindUntil() ? permittedAt : PermitRule.NEVER;
    switch (PermitRule.judge(permitted, surroundings.controlReadAt(), now)) {
      case GO -> go();
      case ASK -> askNowAndThen(now);
      case HEAR_ORDERS_FIRST -> {}
    }
  }

  private void go() {
    Promise<Void> promise = waiting;
    waiting = null;
    if (promise != null) {
      promise.complete();
    }
  }

  private void askNowAndThen(long now) {
    if (askedAt == PermitRule.NEVER || now - askedAt >= ASK_EVERY_MILLIS) {
      askedAt = now;
      ask.run();
    }
  }

  /** The task is no more. */
  void revoke() {
    Promise<Void> promise = waiting;
    waiting = null;
    if (promise != null) {
      promise.fail("the task was cut");
    }
  }
}
