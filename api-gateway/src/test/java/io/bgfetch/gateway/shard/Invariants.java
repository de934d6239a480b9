package io.bgfetch.gateway.shard;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.blob.StoredBody.Inline;
import io.bgfetch.blob.StoredBody.Segment;
import io.bgfetch.blob.StoredBody.Segments;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RegistrationResult;
import io.bgfetch.gateway.shard.SimulatedTopics.Attempt;
import io.bgfetch.gateway.shard.SimulatedTopics.News;
import io.bgfetch.message.ControlMessage;
import io.bgfetch.message.FetchJob;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What must hold in every run: the promises of the service, as far as a simulation can see them.
 */
final class Invariants {

  private static final long CUT_WITHIN_MILLIS = 500;

  /** What may make two tasks of one attempt. */
  private static final Set<Fault> TAKES_TWICE =
      EnumSet.of(Fault.GROUP_OFFSETS_FALL_BACK, Fault.JOBS_TOPIC_LOST);

  /** What may lose a job that came to stand in the queue. */
  private static final Set<Fault> LOSES_JOBS =
      EnumSet.of(
          Fault.WORKER_CRASHES,
          Fault.WORKER_STALLS,
          Fault.WORKER_STOPS,
          Fault.JOB_KILLS_WORKER,
          Fault.TAKE_UNKNOWN,
          Fault.JOBS_TOPIC_LOST,
          Fault.EVENTS_TOPIC_LOST);

  private final SimulatedCluster cluster;
  private final Set<Attempt> taken = new HashSet<>();
  private final Map<UUID, Long> abortedAt = new HashMap<>();
  private final Map<UUID, Long> pausedAt = new HashMap<>();
  private final Map<UUID, Long> resumedAs = new HashMap<>();
  private final Map<UUID, Long> seen = new HashMap<>();
  private final Map<UUID, News> ends = new HashMap<>();
  private final List<Told> blocks = new ArrayList<>();

  /** An invariant does not hold. */
  static final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    Violation(String what) {
      super(what);
    }
  }

  Invariants(SimulatedCluster cluster) {
    this.cluster = cluster;
  }

  void violated(String what) {
    throw new Violation(what);
  }

  private long now() {
    return cluster.schedule.now();
  }

  // ---- orders

  void abortAnswered(UUID uid) {
    if (abortedAt.putIfAbsent(uid, now()) != null) {
      violated("two aborts of " + uid + " were true");
    }
  }

  void pauseAnswered(UUID uid, long version) {
    if (version > resumedAs.getOrDefault(uid, 0L)) {
      pausedAt.put(uid, now());
    }
  }

  void resumed(UUID uid) {
    resumedAs.put(uid, cluster.store.row(uid).version);
    pausedAt.remove(uid);
  }

  // ---- requests

  /** The first byte of a request goes out. */
  void firstByte(FetchJob job) {
    notBeyond(abortedAt.get(job.uid()), "abort", job);
    notBeyond(pausedAt.get(job.uid()), "pause", job);
  }

  private void notBeyond(Long answered, String order, FetchJob job) {
    if (answered != null && now() > answered + CUT_WITHIN_MILLIS) {
      violated(
          "a first byte %d ms after the %s was answered: %s %d, attempt %d"
              .formatted(now() - answered, order, job.uid(), job.index(), job.attempt()));
    }
  }

  /** It stands in the control topic that these hosts are blocked. */
  void told(ControlMessage.Blocked blocked) {
    blocked.hosts().forEach(block -> blocks.add(new Told(now(), block)));
  }

  /**
   * A host is asked by a worker that was there when the host's block was told: it knows of it, if
   * it follows the orders of all but the last half second.
   */
  void asked(String host, long workerStartedAt) {
    blocks.removeIf(told -> told.block().until() <= now());
    for (Told told : blocks) {
      boolean known = workerStartedAt <= told.at() && now() > told.at() + CUT_WITHIN_MILLIS;
      if (known && told.block().host().equals(host)) {
        violated(
            "%s is asked %d ms before the end of its block, which was told %d ms ago"
                .formatted(host, told.block().until() - now(), now() - told.at()));
      }
    }
  }

  private record Told(long at, ControlMessage.Block block) {}

  void sentAgain(FetchJob job) {
    if (!cluster.store.row(job.uid()).terms.retry().unsafe()) {
      violated("an unsafe request was sent twice: " + job.uid() + " " + job.index());
    }
  }

  /** A worker makes a task of a job. */
  void taken(FetchJob job) {
    Attempt attempt = new Attempt(new RecordId(job.uid(), job.index()), job.attempt());
    if (!taken.add(attempt) && cluster.faults.spared(TAKES_TWICE)) {
      violated("taken twice: " + attempt);
    }
  }

  /** An attempt was given up as lost. */
  void lost(Attempt attempt) {
    if (cluster.topics.cameLate(attempt)) {
      return;
    }
    if (cluster.topics.neverTaken(attempt)) {
      violated("given up as lost while it is queued: " + attempt);
    }
    if (cluster.topics.arrived(attempt) && cluster.faults.spared(LOSES_JOBS)) {
      violated("given up as lost, but no worker was: " + attempt);
    }
    SimulatedWorker holder = cluster.holderOf(attempt);
    if (holder != null && cluster.faults.spared(TAKES_TWICE)) {
      violated("given up as lost, but " + holder.name + " has it: " + attempt);
    }
  }

  // ---- news

  /** Subscribers are told something. */
  void published(News news) {
    boolean old = news.version() <= seen.getOrDefault(news.uid(), 0L);
    if (old && cluster.holds(Rule.SUBSCRIBERS_PASS_OVER_OLD_NEWS)) {
      return;
    }
    seen.put(news.uid(), news.version());
    News end = news.end() ? ends.putIfAbsent(news.uid(), news) : ends.get(news.uid());
    if (end != null && !news.end()) {
      violated("progress " + news + " after the end " + end);
    }
    if (end != null && !end.equals(news)) {
      violated("a second end " + news + " after " + end);
    }
  }

  // ---- rows

  /** What the row counts is what its records say. */
  void check(SimulatedRow row) {
    int ended = 0;
    int succeeded = 0;
    long downloaded = 0;
    long uploaded = 0;
    for (int i = 0; i < row.outcomes.length; i++) {
      Outcome outcome = row.outcomes[i];
      UnderWay state = row.underWay[i];
      if (outcome != null) {
        ended++;
        succeeded += outcome.result() == FetchResult.SUCCESS ? 1 : 0;
        downloaded += outcome.downloaded();
        uploaded += outcome.uploaded();
      } else if (state != null) {
        downloaded += state.downloaded();
        uploaded += state.uploaded();
        checkManifest(state);
      }
    }
    int settled = row.active() ? ended : row.outcomes.length;
    if (row.settled != settled
        || row.succeeded != succeeded
        || row.failed != settled - succeeded
        || row.downloaded != downloaded
        || row.uploaded != uploaded) {
      violated(
          "the counters of "
              + row.state()
              + " are not "
              + settled
              + ", "
              + succeeded
              + ", "
              + downloaded
              + ", "
              + uploaded);
    }
    if (row.downloadTotal > 0
        && row.downloaded > row.downloadTotal
        && row.result != RegistrationResult.FAILURE) {
      violated("more than was declared: " + row.state());
    }
  }

  /** What a manifest names is there: another attempt may go on from it. */
  private void checkManifest(UnderWay state) {
    if (state.stored() != null) {
      for (Segment segment : state.stored().segments()) {
        if (!cluster.blobs.containsKey(segment.key())) {
          violated("a manifest names what is not there: " + segment);
        }
      }
    }
  }

  /** What tenants have stored is what their registrations say. */
  void checkStorage() {
    Map<String, Long> sums = new TreeMap<>();
    cluster.store.rows().forEach(r -> sums.merge(r.terms.tenant(), r.downloaded, Long::sum));
    sums.values().removeIf(bytes -> bytes == 0);
    Map<String, Long> stored = new TreeMap<>(cluster.store.storage());
    stored.values().removeIf(bytes -> bytes == 0);
    if (!sums.equals(stored)) {
      violated("stored are " + stored + " but registrations have " + sums);
    }
  }

  // ---- the end

  /** Everything has come to rest. */
  void checkAtRest() {
    for (SimulatedRow row : cluster.store.rows()) {
      check(row);
      News end = ends.get(row.uid());
      if (end == null || end.version() != row.endVersion) {
        violated("the end of " + row.uid() + " is " + end + ", not of " + row.endVersion);
      }
      boolean aborted = row.failureReason == FetchResult.ABORTED;
      if (abortedAt.containsKey(row.uid()) && !aborted) {
        violated("an abort of " + row.uid() + " was true, but it is " + row.failureReason);
      }
      for (int i = 0; i < row.outcomes.length; i++) {
        Outcome outcome = row.outcomes[i];
        if (outcome != null && outcome.body() != null) {
          checkBody(new RecordId(row.uid(), i), outcome);
        } else if (outcome == null && row.result == RegistrationResult.SUCCESS) {
          violated("a success without record " + i + " of " + row.uid());
        }
      }
    }
    checkStorage();
  }

  private void checkBody(RecordId id, Outcome outcome) {
    int tag = Integer.parseInt(outcome.response().headers().get("etag"));
    String read = read(outcome.body());
    if (!SimulatedOrigin.body(id, tag).equals(read)) {
      violated("the body of " + id + " reads " + read + ", not as body " + tag + " of the origin");
    }
    if (outcome.downloaded() != read.length()) {
      violated("the body of " + id + " counts " + outcome.downloaded() + ": " + read);
    }
  }

  private String read(StoredBody body) {
    return switch (body) {
      case Inline inline -> new String(inline.bytes(), StandardCharsets.US_ASCII);
      case Segments segments -> {
        StringBuilder all = new StringBuilder();
        for (Segment segment : segments.segments()) {
          all.append(cluster.blobs.get(segment.key()));
        }
        yield all.toString();
      }
    };
  }
}
