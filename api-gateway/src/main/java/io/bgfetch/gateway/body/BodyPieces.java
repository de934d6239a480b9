package io.bgfetch.gateway.body;

import io.bgfetch.gateway.problem.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request, taken piece by piece by whoever reads it: what is not taken is not read
 * from the connection. Pieces are small, also those of a body that unpacks to much. Used from one
 * context.
 */
public final class BodyPieces implements AutoCloseable {

  private final ReadStream<Buffer> stream;
  private final ContentDecoder decoder;
  private Runnable whenNew = () -> {};
  private Consumer<Buffer> listener = piece -> {};
  private @Nullable Throwable failure;
  private @Nullable Vertx clock;
  private Duration within = Duration.ZERO;
  private long deadline = -1;
  private boolean broken;
  private boolean asked;
  private boolean ended;

  /**
   * Takes hold of a stream, which must not have begun to flow.
   *
   * @param coding the content coding, null for none
   */
  public BodyPieces(ReadStream<Buffer> stream, @Nullable String coding) {
    this.stream = stream.pause();
    this.decoder = ContentDecoder.of(coding);
    stream.exceptionHandler(this::fail).endHandler(end -> end()).handler(this::offer);
  }

  /** Lets it fail with status 408 when not all of it is here {@code most} after it is wanted. */
  public BodyPieces within(Vertx vertx, Duration most) {
    clock = vertx;
    within = most;
    return this;
  }

  /** Takes the deadline back. */
  public void atLeisure() {
    if (clock != null) {
      clock.cancelTimer(deadline);
      clock = null;
    }
  }

  private void end(Problem why) {
    if (!ended && failure == null) {
      failure = why.toException();
      whenNew.run();
    }
  }

  /** Begins: calls {@code whenNew} when something came after {@link #more} was asked for. */
  public void onNew(Runnable whenNew) {
    this.whenNew = whenNew;
    if (clock != null) {
      Duration most = within;
      deadline = clock.setTimer(most.toMillis(), late -> end(Problem.requestTimeout(most)));
    }
  }

  /** Shows every piece to {@code listener} when it is polled. */
  public void listen(Consumer<Buffer> listener) {
    this.listener = listener;
  }

  /** The next piece; null when none is here. */
  public @Nullable Buffer poll() {
    Buffer piece = decoder.poll();
    if (piece != null) {
      listener.accept(piece);
    }
    return piece;
  }

  /** Whether all of it was polled. */
  public boolean ended() {
    return ended;
  }

  /** Why the rest will never come, null while it may. */
  public @Nullable Throwable failure() {
    return failure;
  }

  /**
   * Reads on; to be called when nothing is left to poll. However often it is called, one piece
   * comes: a second one would come while the first is not polled yet.
   */
  public void more() {
    if (!asked) {
      asked = true;
      stream.fetch(1);
    }
  }

  /** Lets go of the stream: what is left of the body goes by unread. */
  @Override
  public void close() {
    whenNew = () -> {};
    atLeisure();
    decoder.close();
    if (!ended && !broken) {
      stream.handler(piece -> {}).resume();
    }
  }

  private void offer(Buffer piece) {
    asked = false;
    decoder.offer(piece);
    whenNew.run();
  }

  private void end() {
    atLeisure();
    ended = true;
    if (!decoder.complete()) {
      failure = Problem.badRequest("the content coding breaks off").toException();
    }
    whenNew.run();
  }

  private void fail(Throwable cause) {
    atLeisure();
    broken = true;
    failure = cause;
    whenNew.run();
  }
}
