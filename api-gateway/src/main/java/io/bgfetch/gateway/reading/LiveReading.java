package io.bgfetch.gateway.reading;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.blob.StoredBody.Segment;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.reading.BodyState.Arriving;
import io.bgfetch.gateway.reading.BodyState.Awaited;
import io.bgfetch.gateway.reading.BodyState.Complete;
import io.bgfetch.gateway.reading.BodyState.Unreadable;
import io.bgfetch.gateway.reading.ReaderLeases.Lease;
import io.bgfetch.gateway.reading.RecordWatch.Watch;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One reading of a body while it arrives: the segments that are stored, each as soon as it is, up
 * to the end of the body. It fails when the record ends without a body that can be read, and when
 * what was sent is not how the body begins any more. Paused records and those that wait for a next
 * try are waited for. Used on the gateway's context.
 */
public final class LiveReading implements RecordWatcher {

  private final RecordResponse head;
  private final Lease lease;
  private final BlobReads blobs;
  private final Promise<Void> sent = Promise.promise();
  private Watch watch = () -> {};
  private List<Segment> known = List.of();

  /** How many of the known segments were sent, or are just being sent. */
  private int begun;

  private @Nullable StoredBody complete;
  private @Nullable WriteStream<Buffer> to;
  private boolean sending;

  LiveReading(RecordResponse head, Lease lease, BlobReads blobs) {
    this.head = head;
    this.lease = lease;
    this.blobs = blobs;
  }

  /** Watches the record from now on. */
  LiveReading begin(RecordKey key, RecordWatch records) {
    watch = records.watch(key, this);
    return this;
  }

  /** The head of the response whose body it is. */
  public RecordResponse head() {
    return head;
  }

  /**
   * Writes the body up to its end, and does not end the stream. No faster than the stream takes.
   */
  public Future<Void> sendTo(WriteStream<Buffer> stream) {
    to = stream;
    sendNext();
    return sent.future();
  }

  @Override
  public void see(RecordSight sight) {
    switch (sight.body()) {
      case Awaited awaited -> {
        if (begun > 0) {
          cutAnew();
        }
      }
      case Arriving arriving -> goOn(arriving.head(), arriving.stored(), null);
      case Complete last -> {
        StoredBody bytes = last.body().bytes();
        goOn(
            last.body().head(),
            bytes instanceof StoredBody.Segments all ? all.segments() : List.of(),
            bytes);
      }
      case Unreadable ended -> cut(ended.why());
    }
  }

  /** Another response took the place of the first, or its bytes were thrown away. */
  private void goOn(RecordResponse now, List<Segment> stored, @Nullable StoredBody whole) {
    boolean same =
        now.equals(head)
            && stored.size() >= begun
            && stored.subList(0, begun).equals(known.subList(0, begun));
    if (!same) {
      cutAnew();
      return;
    }
    known = stored;
    if (whole != null) {
      complete = whole;
      watch.close();
    }
    sendNext();
  }

  private void sendNext() {
    WriteStream<Buffer> stream = to;
    if (stream == null || sending || sent.future().isComplete()) {
      return;
    }
    if (begun < known.size()) {
      List<Segment> next = known.subList(begun, known.size());
      begun = known.size();
      send(blobs.of(next).sendTo(stream));
    } else if (complete instanceof StoredBody.Inline inline && inline.size() > 0) {
      complete = StoredBody.EMPTY;
      send(stream.write(Buffer.buffer(inline.bytes())));
    } else if (complete != null) {
      sent.complete();
    }
  }

  private void send(Future<Void> part) {
    sending = true;
    part.onComplete(done -> sending = false)
        .onSuccess(written -> sendNext())
        .onFailure(sent::tryFail);
  }

  private void cutAnew() {
    cut(Problem.invalidState("the body began anew"));
  }

  private void cut(Problem why) {
    watch.close();
    sent.tryFail(why.toException());
  }

  @Override
  public void end() {
    cut(Problem.invalidState("the gateway stops"));
  }

  /** Ends the reading, however far it is. */
  public void close() {
    cut(Problem.invalidState("the reader has gone"));
    lease.drop();
  }
}
