package io.bgfetch.worker.fetch;

import io.bgfetch.blob.StoredBody.Segments;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchEvent.ResponseReady;
import io.bgfetch.message.FetchEvent.SegmentStored;
import io.bgfetch.message.FetchJob.Resume;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A response on its way to the store: its head, its body, and what the shard hears of both
 * meanwhile. The body may come in several answers, of this attempt and of earlier ones. Belongs to
 * the worker's context.
 */
final class Download implements SegmentWriter.Listener {

  /** A small body comes with its head; only for one that takes longer is the head told alone. */
  private static final long TELL_HEAD_AFTER_MILLIS = 50;

  private static final Segments NONE = new Segments(List.of());

  private final Attempt attempt;
  private final Consumer<Throwable> failed;
  private final boolean quiet;
  private final BodyDigest digest;
  private final ResponseBody body;
  private RecordResponse head;
  private Segments stored;
  private long answeredAt;
  private boolean untold;
  private boolean told;

  private Download(
      Attempt attempt, RecordResponse head, Segments stored, Consumer<Throwable> failed) {
    this.attempt = attempt;
    this.head = head;
    this.stored = stored;
    this.failed = failed;
    // A status that will be tried again is never shown, and nobody is promised its body.
    this.quiet = attempt.endings().triedAgain(head.status());
    this.digest = new BodyDigest(Integrity.parse(attempt.job().request().integrity()));
    this.body =
        new ResponseBody(
            stored.size(),
            attempt.job().bytesAllowed(),
            attempt.means().traffic(),
            digest,
            this::segmentWriter);
  }

  /**
   * A response of which the head is known and no byte.
   *
   * @param failed hears when the store fails
   */
  static Download anew(Attempt attempt, RecordResponse head, Consumer<Throwable> failed) {
    Download download = new Download(attempt, head, NONE, failed);
    download.answered();
    return download;
  }

  /**
   * A response that earlier attempts stored a part of, which its {@link #digest} has to hash first.
   *
   * @param failed hears when the store fails
   */
  static Download resumed(Attempt attempt, Resume resume, Consumer<Throwable> failed) {
    return new Download(attempt, resume.response(), resume.stored(), failed);
  }

  private SegmentWriter segmentWriter(long since) {
    FetchMeans means = attempt.means();
    SegmentFile file = new SegmentFile(means.store(), attempt.names(), stored, digest);
    long before = stored.segments().isEmpty() ? 0 : attempt.job().connectedMillis();
    return new SegmentWriter(
        means.threads(), file, means.budget(), new BodyAge(since, before), this);
  }

  private void answered() {
    answeredAt = attempt.now();
    untold = !quiet && !told;
    body.answered(answeredAt);
  }

  RecordResponse head() {
    return head;
  }

  BodyDigest digest() {
    return digest;
  }

  /** Whether it will be tried again, and so is never shown. */
  boolean quiet() {
    return quiet;
  }

  /** Whether a further attempt may go on from what is stored of it. */
  boolean resumable() {
    return !quiet && RangeRules.resumable(attempt.job().request().method(), head);
  }

  /** Body bytes received, those of earlier attempts included. */
  long received() {
    return body.received();
  }

  /** What a further attempt may go on from; null where there is nothing. */
  @Nullable Resume resume() {
    return resumable() && stored.size() > 0 ? new Resume(head, stored) : null;
  }

  /**
   * A further answer is here that goes on where the body broke off.
   *
   * @param length of the whole body, null where nobody has said it
   */
  void onward(@Nullable Long length) {
    head = head.ofLength(length);
    answered();
  }

  /** Takes the next bytes of the body. */
  WriteStream<Buffer> sink() {
    return body;
  }

  /** Whether its last answer had only a part of what is missing. */
  boolean partial() {
    Long length = head.length();
    return length != null && received() < length;
  }

  /** Whether it is we who keep the origin waiting. */
  boolean held() {
    return body.writeQueueFull();
  }

  void tick(long now) {
    if (untold && now - answeredAt >= TELL_HEAD_AFTER_MILLIS) {
      tell();
    }
    body.tick(now);
  }

  /** What earlier attempts stored is thrown away by the one, and kept by the other. */
  private void tell() {
    untold = false;
    told = true;
    String worker = attempt.means().worker();
    FetchEvent news =
        stored.segments().isEmpty()
            ? new ResponseReady(worker, attempt.task(), head)
            : new SegmentStored(worker, attempt.task(), head, stored);
    attempt.tell(news);
  }

  /** The body has arrived. */
  Future<Answer> finish() {
    untold = false;
    return body.finish().map(content -> new Answer.Complete(head, content));
  }

  /** No more comes in this attempt: makes durable what came, and tells it. */
  Future<Void> save() {
    if (!body.unsaved()) {
      return Future.succeededFuture();
    }
    return body.save()
        .map(
            saved -> {
              if (saved.size() > stored.size()) {
                stored(saved);
              }
              return null;
            });
  }

  void abandon() {
    untold = false;
    body.abandon();
  }

  @Override
  public void stored(Segments soFar) {
    stored = soFar;
    if (!quiet) {
      tell();
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
