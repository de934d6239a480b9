package io.bgfetch.message;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.bgfetch.blob.StoredBody;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RecordResponse;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a shard hears, on its partition of the events topic: pokes, its own ticks, and workers. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = FetchEvent.Registered.class, name = "registered"),
  @JsonSubTypes.Type(value = FetchEvent.Changed.class, name = "changed"),
  @JsonSubTypes.Type(value = FetchEvent.Tick.class, name = "tick"),
  @JsonSubTypes.Type(value = FetchEvent.Alive.class, name = "alive"),
  @JsonSubTypes.Type(value = FetchEvent.Report.class, name = "report"),
  @JsonSubTypes.Type(value = FetchEvent.Asked.class, name = "asked"),
  @JsonSubTypes.Type(value = FetchEvent.Refused.class, name = "refused"),
  @JsonSubTypes.Type(value = FetchEvent.ResponseReady.class, name = "responseReady"),
  @JsonSubTypes.Type(value = FetchEvent.SegmentStored.class, name = "segmentStored"),
  @JsonSubTypes.Type(value = FetchEvent.Settled.class, name = "settled"),
  @JsonSubTypes.Type(value = FetchEvent.Broke.class, name = "broke"),
  @JsonSubTypes.Type(value = FetchEvent.Yielded.class, name = "yielded")
})
public sealed interface FetchEvent {

  /** News of one task from the worker that has it. */
  sealed interface OfTask extends FetchEvent
      permits Asked, Refused, ResponseReady, SegmentStored, Settled, Broke, Yielded {
    String worker();

    Task task();
  }

  /** A registration is durable: look at it. Losing it costs time only. */
  record Registered(UUID uid) implements FetchEvent {}

  /** A client changed a registration (abort, pause, title …): publish what follows. */
  record Changed(UUID uid) implements FetchEvent {}

  /**
   * A second has passed, says the shard's owner to itself. Silence of workers is counted in ticks
   * read back, so that neither load nor an outage of Kafka makes anybody look dead.
   *
   * @param owner which ownership of the shard wrote it
   */
  record Tick(String owner) implements FetchEvent {}

  /**
   * A worker lives, busy or idle. Said each second to the first shard, for people to look at:
   * nothing is decided by it, and losing it costs nothing.
   *
   * @param startedAt milliseconds since the epoch by the worker's clock
   * @param running fetches that have their turn now
   * @param bytesPerSecond of response bodies, since it said so last
   */
  record Alive(String worker, long startedAt, int running, long bytesPerSecond)
      implements FetchEvent {

    /** The shard that is told: there is always one of this number. */
    public static final int TOLD = 0;
  }

  /**
   * A worker lives, and these are its tasks of this shard.
   *
   * @param bytesPerSecond of the whole worker, since its last report
   */
  record Report(String worker, long startedAt, long bytesPerSecond, List<Progress> tasks)
      implements FetchEvent {
    public Report {
      tasks = List.copyOf(tasks);
    }
  }

  /**
   * How far one task is.
   *
   * @param started whether it has its turn; false while it waits in its lane
   * @param downloaded body bytes received, those of the resumed attempts included
   * @param uploaded request body bytes sent in this attempt
   * @param connectedMillis how long this attempt has been connected
   */
  record Progress(
      Task task, boolean started, long downloaded, long uploaded, long connectedMillis) {}

  /** May this task send its first byte? Answered by a grant or a drop on the control topic. */
  record Asked(String worker, Task task) implements OfTask {}

  /**
   * A host said that it is asked too much: 429 or 503 (RFC 6585 section 4, RFC 9110 section
   * 15.6.4). Told as soon as the head is known. What becomes of the record is told by its own
   * events.
   *
   * @param host {@code host:port} that answered: of the record's URL, or of one that a redirect led
   *     to
   * @param retryAfter milliseconds that it asked to be left alone, null where it did not
   * @param sentAt when the request that it refused was sent: milliseconds since the epoch by the
   *     worker's clock
   */
  record Refused(
      String worker, Task task, String host, int status, @Nullable Long retryAfter, long sentAt)
      implements OfTask {

    /** Whether a response of this status says that its host is asked too much. */
    public static boolean isRefusal(int status) {
      return status == 429 || status == 503;
    }
  }

  /**
   * The head of the response is known and the body still coming. What earlier attempts stored is
   * thrown away: an attempt that goes on from it says {@link SegmentStored} instead.
   */
  record ResponseReady(String worker, Task task, RecordResponse response) implements OfTask {}

  /**
   * One more segment of the body is durable.
   *
   * @param stored the whole manifest so far; it replaces what the shard had
   */
  record SegmentStored(
      String worker, Task task, RecordResponse response, StoredBody.Segments stored)
      implements OfTask {}

  /**
   * The record has ended.
   *
   * @param error one line for people, where the result is an error
   * @param response null where none came
   * @param body null where the record is not readable
   * @param digest SHA-256 of the whole body, base64; null where the record is not readable
   * @param downloaded body bytes received, also those of an unreadable record
   * @param uploaded request body bytes sent in this attempt
   */
  record Settled(
      String worker,
      Task task,
      FetchResult result,
      @Nullable String error,
      @Nullable RecordResponse response,
      @Nullable StoredBody body,
      @Nullable String digest,
      long downloaded,
      long uploaded)
      implements OfTask {

    /** The same with another body. */
    Settled withBody(@Nullable StoredBody other) {
      return new Settled(
          worker, task, result, error, response, other, digest, downloaded, uploaded);
    }
  }

  /**
   * The attempt failed in a way that may pass.
   *
   * @param error one line for people
   * @param kept what the next attempt may go on from, whatever the shard had heard of it; null
   *     where what was stored is thrown away
   * @param newBytes whether this attempt stored at least one byte that earlier ones had not
   * @param retryAfter milliseconds that the origin asked to wait, null where it did not
   * @param connectedMillis how long this attempt was connected
   * @param fallback what the record ends as when no further attempt is allowed: the status that
   *     would have been tried again; null for a fetch-error
   */
  record Broke(
      String worker,
      Task task,
      String error,
      FetchJob.@Nullable Resume kept,
      boolean newBytes,
      @Nullable Long retryAfter,
      long uploaded,
      long connectedMillis,
      @Nullable Settled fallback)
      implements OfTask {}

  /**
   * The worker gives the job back: at shutdown, on pause, when its partition moved away, when a
   * host is blocked that it would have to ask.
   *
   * @param why one line for people
   * @param kept as in {@link Broke}
   * @param uploaded request body bytes sent in this attempt
   * @param connectedMillis how long this attempt was connected
   * @param notBefore when it is worth another attempt, in milliseconds since the epoch: when the
   *     host is no longer blocked, of the record or of a redirect's target; null where it is at
   *     once
   */
  record Yielded(
      String worker,
      Task task,
      String why,
      FetchJob.@Nullable Resume kept,
      long uploaded,
      long connectedMillis,
      @Nullable Long notBefore)
      implements OfTask {

    /** One that may be tried again at once, elsewhere. */
    public Yielded(
        String worker,
        Task task,
        String why,
        FetchJob.@Nullable Resume kept,
        long uploaded,
        long connectedMillis) {
      this(worker, task, why, kept, uploaded, connectedMillis, null);
    }
  }
}
