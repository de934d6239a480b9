package io.bgfetch.worker.fetch;

import io.bgfetch.blob.StoredBody.Segments;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.message.FetchEvent.ResponseReady;
import io.bgfetch.message.FetchEvent.SegmentStored;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.util.function.Consumer;

/**
 * The response that an attempt keeps: its head, its body on the way to the store, and what the
 * shard hears of both meanwhile. Belongs to the worker's context.
 */
final class Download implements SegmentWriter.Listener {

  /** A small body comes with its head; only for one that takes longer is the head told alone. */
  private static final long TELL_HEAD_AFTER_MILLIS = 50;

  private final Attempt attempt;
  private final RecordResponse head;
  private final Consumer<Throwable> failed;
  private final long since;
  private final boolean bodiless;
  private final boolean quiet;
  private final ResponseBody body;
  private boolean headTold;

  /**
   * A response of which the head is known.
   *
   * @param bodiless whether it has no body, whatever is sent
   * @param failed hears when the store fails
   */
  Download(Attempt attempt, RecordResponse head, boolean bodiless, Consumer<Throwable> failed) {
    this.attempt = attempt;
    this.head = head;
    this.failed = failed;
    this.bodiless = bodiless;
    this.since = attempt.now();
    // A status that will be tried again is never shown, and nobody is promised its body.
    this.quiet = attempt.endings().triedAgain(head.status());
    BodyDigest digest =
        new BodyDigest(quiet ? null : Integrity.parse(attempt.job().request().integrity()));
    this.body =
        new ResponseBody(
            attempt.job().bytesAllowed(),
            since,
            attempt.means().traffic(),
            digest,
            () -> segmentWriter(digest));
  }

  private SegmentWriter segmentWriter(BodyDigest digest) {
    FetchMeans means = attempt.means();
    SegmentFile file = new SegmentFile(means.store(), attempt::segmentKey, digest);
    return new SegmentWriter(means.threads(), file, means.budget(), since, this);
  }

  RecordResponse head() {
    return head;
  }

  /** Takes the bytes of the body. */
  WriteStream<Buffer> sink() {
    return bodiless ? new DiscardedBody() : body;
  }

  long received() {
    return body.received();
  }

  /** Whether it is we who keep the origin waiting. */
  boolean held() {
    return body.writeQueueFull();
  }

  void tick(long now) {
    if (!headTold && !quiet && !bodiless && now - since >= TELL_HEAD_AFTER_MILLIS) {
      headTold = true;
      attempt
          .means()
          .news()
          .tell(
              attempt.job().shard(),
              new ResponseReady(attempt.means().worker(), attempt.task(), head));
    }
    body.tick(now);
  }

  /** The body has arrived. */
  Future<Answer> finish() {
    headTold = true;
    return body.finish().map(content -> new Answer.Complete(head, content));
  }

  void abandon() {
    body.abandon();
  }

  @Override
  public void stored(Segments soFar) {
    if (!quiet) {
      headTold = true;
      attempt
          .means()
          .news()
          .tell(
              attempt.job().shard(),
              new SegmentStored(attempt.means().worker(), attempt.task(), head, soFar));
    }
  }

  @Override
  public void drained() {
    body.drained();
  }

  @Override
  public void failed(StoreFailure failure) {
    failed.accept(failure);
  }
}
