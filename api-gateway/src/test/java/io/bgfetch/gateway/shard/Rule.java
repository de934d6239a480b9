package io.bgfetch.gateway.shard;

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
  OFFSET_IS_IN_THE_TRANSACTION,
  /** The offset of another incarnation of the topic counts for nothing. */
  OFFSET_KNOWS_ITS_TOPIC,
  /** A grant is in the table when it is told. */
  GRANTS_ARE_WRITTEN,
  /** Each task has a token of its own, to which grants are bound and which blob keys contain. */
  TASKS_HAVE_TOKENS,
  /** An unsafe request that may have been sent is not tried again. */
  UNSAFE_IS_NOT_REPEATED,
  /** A job that stands in the queue is not lost, however long it stands there. */
  QUEUED_IS_NOT_LOST,
  /** What a silent worker had is released again. */
  SILENT_WORKERS_LOSE_THEIR_JOBS,
  /** No tick is sent before the one before it has arrived, so that an outage is no silence. */
  TICKS_WAIT_FOR_EACH_OTHER,
  /** What happens now comes after all ticks that are written, also those that are not read yet. */
  UNREAD_TICKS_ARE_NO_SILENCE,
  /** A record that has lost three workers in a row ends. */
  LOSSES_ARE_LIMITED,
  /** A paused registration releases and grants nothing. */
  PAUSED_RELEASES_NOTHING,
  /** What a poke was lost of is found. */
  SWEEP_FINDS_NEW_ONES,
  /** An end that was committed and not published is found. */
  SWEEP_FINDS_UNPUBLISHED_ENDS,
  /** An end is told of with the version in which it came. */
  END_HAS_ITS_VERSION,
  /** Subscribers pass over what is older than what they have seen. */
  SUBSCRIBERS_PASS_OVER_OLD_NEWS,
  /** An abort is answered when workers can know of it, or after two seconds. */
  ABORT_IS_ANSWERED_WHEN_IN_EFFECT,
  /** A permission is good for two seconds. */
  PERMISSIONS_GROW_STALE,
  /** Nothing starts but when the orders of the last half second have been read. */
  ORDERS_ARE_READ_FIRST,
  /** Nothing is sent to a host that is blocked. */
  BLOCKED_HOSTS_ARE_LEFT_ALONE,
  /** A cancel is remembered for jobs that come after it. */
  CANCELS_ARE_REMEMBERED,
  /** Orders are read from two seconds before a worker's start on. */
  ORDERS_ARE_READ_FROM_BEFORE_THE_START,
  /** Who asks or reports in vain is told to drop it. */
  STALE_TASKS_ARE_DROPPED,
  /** A segment is durable before it is told of. */
  BYTES_COME_BEFORE_THEIR_EVENT,
  /** A manifest is whole: what earlier attempts stored is in it. */
  MANIFESTS_ARE_WHOLE,
  /** Workers delete no blobs. */
  WORKERS_DELETE_NOTHING,
  /** A body is gone on with only where the origin still has the same one. */
  RESUME_ASKS_FOR_THE_SAME,
  /** How a task ended is told until that is acknowledged, and the task named in reports. */
  ENDS_ARE_TOLD_UNTIL_ACKNOWLEDGED,
  /** A batch is committed before it is started. */
  COMMIT_COMES_BEFORE_START,
  /** After a commit that failed it is read again from where the group stands. */
  FAILED_TAKES_ARE_READ_AGAIN,
  /** Jobs of before a pause are given back. */
  PAUSED_JOBS_ARE_GIVEN_BACK
}
