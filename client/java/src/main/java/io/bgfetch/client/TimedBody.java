package io.bgfetch.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A response body to read while it arrives. Unlike the JDK's own it gives up when nothing comes for
 * a while, and closing it wakes whoever waits. It holds at most two chunks of the connection; a cut
 * body ends in an {@link IOException}, never as if it were complete. One thread reads, any closes.
 */
final class TimedBody extends InputStream implements BodySubscriber<InputStream> {
  /** What the connection says: bytes, the end, or why there will be no more. */
  private sealed interface Signal {
    record Chunk(List<ByteBuffer> buffers) implements Signal {}

    record End() implements Signal {}

    record Failed(IOException why) implements Signal {}
  }

  private final Duration idle;
  private final Set<TimedBody> open;
  private final CompletableFuture<Subscription> subscription = new CompletableFuture<>();
  // Bounded by demand: one chunk is asked for at a time, and one end follows it.
  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
  private final Queue<ByteBuffer> buffers = new ArrayDeque<>();
  private @Nullable Signal ended;
  private volatile boolean closed;

  /**
   * A body.
   *
   * @param idle for how long nothing may come
   * @param open those that are open, this one among them until it is closed or read to its end
   */
  TimedBody(Duration idle, Set<TimedBody> open) {
    this.idle = idle;
    this.open = open;
    open.add(this);
  }

  @Override
  public CompletionStage<InputStream> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public void onSubscribe(Subscription newSubscription) {
    if (!subscription.complete(newSubscription)) {
      newSubscription.cancel();
    } else if (closed) {
      newSubscription.cancel();
    } else {
      newSubscription.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> chunk) {
    signals.add(new Signal.Chunk(chunk));
  }

  @Override
  public void onError(Throwable failure) {
    signals.add(
        new Signal.Failed(
            failure instanceof IOException io
                ? io
                : new IOException("the body broke off", failure)));
  }

  @Override
  public void onComplete() {
    signals.add(new Signal.End());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    ByteBuffer buffer = current();
    if (buffer == null) {
      return -1;
    }
    int part = Math.min(length, buffer.remaining());
    buffer.get(target, offset, part);
    return part;
  }

  /** The buffer to read from, null at the clean end. */
  private @Nullable ByteBuffer current() throws IOException {
    while (true) {
      if (closed) {
        throw new IOException("closed");
      }
      ByteBuffer first = buffers.peek();
      if (first != null && first.hasRemaining()) {
        return first;
      }
      if (first != null) {
        buffers.remove();
      } else if (!refill()) {
        return null;
      }
    }
  }

  /** Waits for the next chunk; false at the clean end. */
  private boolean refill() throws IOException {
    Signal signal = ended != null ? ended : await();
    if (signal instanceof Signal.Chunk chunk) {
      buffers.addAll(chunk.buffers());
      subscription.join().request(1);
      return true;
    }
    ended = signal;
    open.remove(this);
    if (signal instanceof Signal.Failed failed) {
      throw new IOException(failed.why().getMessage(), failed.why());
    }
    return false;
  }

  private Signal await() throws IOException {
    try {
      Signal signal = signals.poll(idle.toNanos(), TimeUnit.NANOSECONDS);
      if (signal == null) {
        close();
        throw new HttpTimeoutException("nothing arrived for " + idle.toSeconds() + " s");
      }
      return signal;
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  @Override
  public void close() {
    closed = true;
    open.remove(this);
    signals.add(new Signal.Failed(new IOException("closed")));
    if (subscription.isDone()) {
      subscription.join().cancel();
    }
  }
}
