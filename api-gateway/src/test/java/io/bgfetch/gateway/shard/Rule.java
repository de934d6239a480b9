package io.bgfetch.gateway.shard;

import java.util.Set;

/**
 * A rule of the protocol that the simulation can break on purpose, to show that it is needed.
 *
 * <p>It cannot show it of these, which are rules all the same:
 *
 * <ul>
 *   <li>a new owner decides nothing before it has read what was there, versions are at least the
 *       time: they help where Postgres loses commits, which nobody promises to survive;
 *   <li>poll, commit and start are on one thread, member ids are random: of the Kafka client, shown
 *       against a real broker;
 *   <li>retention leaves active registrations alone, a hidden row goes after its end was published:
 *       nothing is ever deleted here;
 *   <li>the loss of {@code bgfetch.control}: a cancel that Kafka acknowledged and lost is not
 *       promised to be heard.
 * </ul>
 */
enum Rule {
  /** A transaction of a shard reads the epoch that its owner began with. */
  EPOCH_IS_CHECKED,
  /** A take-over waits for open transactions of the owner before. */
  EPOCH_IS_HELD_TO_THE_COMMIT,
  /** Rows of registrations are locked from their reading to the commit. */
  ROWS_ARE_LOCKED,
  /** A registration that has ended is not locked, and so not written. */
  ENDED_ROWS_ARE_LEFT_ALONE,
  /** An abort is conditional: it hits only what is active. */
  ABORT_IS_CONDITIONAL,
  /** Nothing is sent that is not committed. */
  COMMIT_COMES_BEFORE_SEND,
  /** The offset moves in the transaction of what the events did. */
  OFFSET_IS_IN_THE_TRANSACTION(Fault.COMMIT_LOST),
  /** The offset of another incarnation of the topic counts for nothing. */
  OFFSET_KNOWS_ITS_TOPIC(Fault.EVENTS_TOPIC_LOST, Fault.SHARDS_MOVE),
  /** A grant is in the table when it is told. */
  GRANTS_ARE_WRITTEN(Fault.GATEWAY_CRASHES),
  /** Each task has a token of its own, to which grants are bound and which blob keys contain. */
  TASKS_HAVE_TOKENS,
  /** An unsafe request that may have been sent is not tried again. */
  UNSAFE_IS_NOT_REPEATED,
  /** A job that stands in the queue is not lost, however long it stands there. */
  QUEUED_IS_NOT_LOST(Fault.HOST_IS_SILENT),
  /** What a silent worker had is released again. */
  SILENT_WORKERS_LOSE_THEIR_JOBS,
  /** No tick is sent before the one before it has arrived, so that an outage is no silence. */
  TICKS_WAIT_FOR_EACH_OTHER(Fault.KAFKA_OUTAGE),
  /** What happens now comes after all ticks that are written, also those that are not read yet. */
  UNREAD_TICKS_ARE_NO_SILENCE(Fault.QUESTION_IS_SLOW),
  /** A record that has lost three workers in a row ends. */
  LOSSES_ARE_LIMITED(Fault.JOB_KILLS_WORKER),
  /** A paused registration releases and grants nothing. */
  PAUSED_RELEASES_NOTHING,
  /** What a poke was lost of is found. */
  SWEEP_FINDS_NEW_ONES(Fault.POKE_LOST),
  /** An end that was committed and not published is found. */
  SWEEP_FINDS_UNPUBLISHED_ENDS,
  /** An end is told of with the version in which it came. */
  END_HAS_ITS_VERSION,
  /** Subscribers pass over what is older than what they have seen. */
  SUBSCRIBERS_PASS_OVER_OLD_NEWS,
  /** An abort is answered when workers can know of it, or after two seconds. */
  ABORT_IS_ANSWERED_WHEN_IN_EFFECT(Fault.SENT_LATE),
  /** A permission is good for two seconds. */
  PERMISSIONS_GROW_STALE,
  /** Nothing starts but when the orders of the last half second have been read. */
  ORDERS_ARE_READ_FIRST(Fault.KAFKA_OUTAGE),
  /** Nothing is sent to a host that is blocked. */
  BLOCKED_HOSTS_ARE_LEFT_ALONE(Fault.ORIGIN_HAS_ENOUGH),
  /** A cancel is remembered for jobs that come after it. */
  CANCELS_ARE_REMEMBERED,
  /** Orders are read from two seconds before a worker's start on. */
  ORDERS_ARE_READ_FROM_BEFORE_THE_START(Fault.WORKER_CRASHES),
  /** Who asks or reports in vain is told to drop it. */
  STALE_TASKS_ARE_DROPPED,
  /** A segment is durable before it is told of. */
  BYTES_COME_BEFORE_THEIR_EVENT,
  /** A manifest is whole: what earlier attempts stored is in it. */
  MANIFESTS_ARE_WHOLE,
  /** Workers delete no blobs. */
  WORKERS_DELETE_NOTHING(Fault.ORIGIN_CHANGES, Fault.ORIGIN_CUTS),
  /** A body is gone on with only where the origin still has the same one. */
  RESUME_ASKS_FOR_THE_SAME(Fault.ORIGIN_CHANGES, Fault.ORIGIN_CUTS),
  /** How a task ended is told until that is acknowledged, and the task named in reports. */
  ENDS_ARE_TOLD_UNTIL_ACKNOWLEDGED(Fault.SEND_LOST),
  /** A batch is committed before it is started. */
  COMMIT_COMES_BEFORE_START,
  /** After a commit that failed it is read again from where the group stands. */
  FAILED_TAKES_ARE_READ_AGAIN(Fault.TAKE_LOST),
  /** Jobs of before a pause are given back. */
  PAUSED_JOBS_ARE_GIVEN_BACK,
  /** They are given back with a word, not dropped in silence. */
  PAUSED_JOBS_ARE_NOT_DROPPED,
  /** A pause hits only jobs that are older than it, so that a resume needs no message. */
  PAUSES_LEAVE_NEWER_JOBS_ALONE,
  /** What the group has committed outside the log counts as the log's start. */
  OFFSETS_OUTSIDE_THE_LOG_ARE_ITS_START(Fault.JOBS_TOPIC_LOST, Fault.HOST_IS_SILENT),
  /** A worker whose place is outside the log goes on at the log's start. */
  WORKERS_GO_ON_AT_THE_START_OF_THE_LOG(Fault.JOBS_TOPIC_LOST),
  /** No progress is told of with the version of the end. */
  NO_PROGRESS_HAS_THE_VERSION_OF_THE_END,
  /** A transaction of who stands still is ended by Postgres. */
  TRANSACTIONS_OF_THE_STOPPED_END(Fault.GATEWAY_STALLS);

  private final Set<Fault> shownBy;

  Rule(Fault... shownBy) {
    this.shownBy = Set.of(shownBy);
  }

  /** Faults that show what the rule is for, so that few runs are needed. */
  Set<Fault> shownBy() {
    return shownBy;
  }
}
