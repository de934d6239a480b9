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

    /** Until when nothing is to be sent to this host; not in the future where it may be asked. */
    long blockedUntil(String host);
  }

  private final Surroundings surroundings;
  private final String ownHost;
  private final boolean mustAsk;
  private final Runnable ask;
  private long permittedAt;
  private long askedAt = PermitRule.NEVER;
  private @Nullable Promise<Void> waiting;
  private boolean forFirstByte;
  private String host;
  private long sentAt = PermitRule.NEVER;

  /**
   * A permit.
   *
   * @param ownHost that the task's request goes to
   * @param permittedAt when the job permitted it, {@link PermitRule#NEVER} if it does not
   * @param ask asks the shard
   */
  TaskPermit(Surroundings surroundings, String ownHost, long permittedAt, Runnable ask) {
    this.surroundings = surroundings;
    this.ownHost = ownHost;
    this.host = ownHost;
    this.mustAsk = permittedAt == PermitRule.NEVER;
    this.permittedAt = permittedAt;
    this.ask = ask;
  }

  @Override
  public Future<Void> firstByte() {
    return await(true, ownHost);
  }

  @Override
  public Future<Void> furtherHop(String to) {
    return await(false, to);
  }

  private Future<Void> await(boolean first, String to) {
    Promise<Void> promise = Promise.promise();
    waiting = promise;
    host = to;
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
    if (surroundings.blockedUntil(host) > now) {
      return;
    }
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
    sentAt = surroundings.now();
    if (promise != null) {
      promise.complete();
    }
  }

  /**
   * Until when it waits in vain, because the host is blocked; not in the future where it does not.
   * A request that is not safe waits here, before its first byte and before a further hop, once it
   * was granted or the grant may be on its way: given back it would be taken for one that may have
   * been sent.
   */
  long blockedUntil() {
    boolean grantedOrSoon = permittedAt != PermitRule.NEVER || askedAt != PermitRule.NEVER;
    return waiting == null || (mustAsk && grantedOrSoon)
        ? PermitRule.NEVER
        : surroundings.blockedUntil(host);
  }

  /** When the last request was sent, in milliseconds since the epoch. */
  long sentAt() {
    return sentAt;
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
