package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.lane.LaneLayout;
import io.bgfetch.message.FetchEvent.Refused;
import io.bgfetch.message.FetchJob;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The server that is fetched from: what its bodies are, and what it has seen. */
final class SimulatedOrigin {

  /** How many bytes come at once, and make a segment. */
  static final int PIECE = 10;

  /** What registrations may want to be tried again. */
  static final int BUSY = 503;

  /** It is asked too much, and says for how long it is to be left alone. */
  static final int ENOUGH = 429;

  static final List<String> HOSTS =
      List.of("host0.example:80", "host1.example:80", "host2.example:80");

  private final SimulatedCluster cluster;
  private final Map<RecordId, Integer> tags = new HashMap<>();
  private final Map<RecordId, Integer> unsafe = new HashMap<>();
  private final Map<String, Long> silentUntil = new HashMap<>();

  /**
   * One answer.
   *
   * @param tag which of its bodies it is
   * @param from the first byte that it sends
   * @param cutAt where it breaks off; beyond the end where it does not
   * @param retryAfter milliseconds that it asks to be left alone, null where it does not
   */
  record Answer(
      String url,
      int status,
      int tag,
      String body,
      int from,
      int cutAt,
      @Nullable Long retryAfter) {

    RecordResponse head() {
      return new RecordResponse(url, false, status, "", Map.of("etag", String.valueOf(tag)));
    }
  }

  SimulatedOrigin(SimulatedCluster cluster) {
    this.cluster = cluster;
  }

  /** One of its hosts answers nothing for a while. */
  void fallSilent(long millis) {
    silentUntil.put(
        HOSTS.get(cluster.random.nextInt(HOSTS.size())), cluster.schedule.now() + millis);
  }

  /** How long it is until this host answers anything, in milliseconds. */
  long silentFor(String host) {
    return Math.max(0, silentUntil.getOrDefault(host, 0L) - cluster.schedule.now());
  }

  /** The body that it has under a tag: from none to five pieces. */
  static String body(RecordId id, int tag) {
    int length = Math.floorMod(id.uid().hashCode() * 31 + id.index() * 17, 45);
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < length; i++) {
      body.append((char) ('a' + Math.floorMod(i * 7 + tag * 3 + id.index() * 11, 26)));
    }
    return body.toString();
  }

  static String hostOf(FetchJob job) {
    return LaneLayout.hostOf(job.lane());
  }

  static boolean killsWorkers(FetchJob job) {
    return job.request().url().contains("poison");
  }

  /** Whether no connection can be made. */
  boolean refuses() {
    return cluster.faults.strikes(Fault.ORIGIN_REFUSES);
  }

  /** The first byte of a request arrives. */
  Answer receive(FetchJob job, long workerStartedAt) {
    RecordId id = new RecordId(job.uid(), job.index());
    cluster.invariants.firstByte(job);
    cluster.invariants.asked(hostOf(job), workerStartedAt);
    if (!job.request().safe() && unsafe.merge(id, 1, Integer::sum) > 1) {
      cluster.invariants.sentAgain(job);
    }
    if (cluster.faults.strikes(Fault.ORIGIN_CHANGES)) {
      tags.merge(id, 1, Integer::sum);
    }
    int tag = tags.getOrDefault(id, 0);
    String body = body(id, tag);
    int cutAt =
        cluster.faults.strikes(Fault.ORIGIN_CUTS)
            ? cluster.random.nextInt(body.length() + 1)
            : Integer.MAX_VALUE;
    int status = status(job);
    Long retryAfter = status == ENOUGH ? Long.valueOf(cluster.schedule.between(300, 1_900)) : null;
    int from = Refused.isRefusal(status) ? 0 : from(job, tag);
    return new Answer(job.request().url(), status, tag, body, from, cutAt, retryAfter);
  }

  private int status(FetchJob job) {
    if (cluster.faults.strikes(Fault.ORIGIN_IS_BUSY)) {
      return BUSY;
    }
    if (cluster.faults.strikes(Fault.ORIGIN_HAS_ENOUGH)) {
      return ENOUGH;
    }
    return job.request().url().contains("missing") ? 404 : 200;
  }

  /** A range is answered as one only if the body is still the one that was begun. */
  private int from(FetchJob job, int tag) {
    FetchJob.Resume resume = job.resume();
    if (resume == null) {
      return 0;
    }
    boolean same = String.valueOf(tag).equals(resume.response().headers().get("etag"));
    return same || !cluster.holds(Rule.RESUME_ASKS_FOR_THE_SAME) ? (int) resume.stored().size() : 0;
  }
}
