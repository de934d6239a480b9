package io.bgfetch.worker.task;

import io.bgfetch.message.Permission;

/** Whether a first byte may go out: the rule that keeps a slow or stalled worker harmless. */
final class PermitRule {

  /** Never permitted, never read. */
  static final long NEVER = Long.MIN_VALUE;

  private static final long GOOD_FOR = Permission.GOOD_FOR.toMillis();
  private static final long CONTROL_FRESH_FOR = Permission.CONTROL_FRESH_FOR.toMillis();

  /** What is to be done now. */
  enum Verdict {
    GO,
    /** The orders of the last half second may not all have been heard: wait until they are. */
    HEAR_ORDERS_FIRST,
    /** There is no permission that is still good. */
    ASK
  }

  private PermitRule() {}

  /**
   * Judges a moment. All times are milliseconds since the epoch.
   *
   * @param permittedAt when the task was released or granted, {@link #NEVER} if it was not
   * @param controlReadAt when the control topic was last known to be read to its end
   */
  static Verdict judge(long permittedAt, long controlReadAt, long now) {
    if (!controlFresh(controlReadAt, now)) {
      return Verdict.HEAR_ORDERS_FIRST;
    }
    return permittedAt != NEVER && now - permittedAt < GOOD_FOR ? Verdict.GO : Verdict.ASK;
  }

  /** Whether no order of more than half a second ago can have been missed. */
  static boolean controlFresh(long controlReadAt, long now) {
    return controlReadAt != NEVER && now - controlReadAt < CONTROL_FRESH_FOR;
  }
}
