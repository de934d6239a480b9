package io.bgfetch.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Events as they happen: those of one registration, the present state first and the end event last,
 * or those of all of them, without an end. {@link #hasNext} waits for the next one. A connection
 * that is lost, or silent for 45 s, is made again, to the next gateway where there are several,
 * with what was missed made up for by the state at that time: events may so be merged into one, but
 * an end event is never lost, nothing comes twice, and nothing older after something newer, but for
 * an end that was missed and then comes behind a click that followed it. When no connection can be
 * had for a minute (or what the client was built with) {@link #hasNext} throws {@link
 * GatewayUnreachableException}. One thread iterates; any may close.
 *
 * <pre>{@code
 * try (BackgroundFetchEvents events = registration.events()) {
 *   while (events.hasNext()) {
 *     System.out.println(events.next().registration().downloaded());
 *   }
 * }
 * }</pre>
 */
public final class BackgroundFetchEvents implements Iterator<BackgroundFetchEvent>, AutoCloseable {
  /** The gateway sends a comment every 15 s: three missed ones are a dead connection. */
  private static final Duration SILENCE = Duration.ofSeconds(45);

  private final Gateway gateway;
  private final String path;
  private final boolean endsWithEnd;
  private final Function<ServerSentEvent, BackgroundFetchEvent> decoder;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Seen seen = new Seen();
  private final Backoff backoff = new Backoff(ThreadLocalRandom.current());

  private volatile @Nullable ServerSentEvents stream;
  private String root = "";
  private @Nullable BackgroundFetchEvent next;
  private @Nullable String lastEventId;
  private boolean ended;

  /** How long a connection may still be sought; null while there is one. */
  private @Nullable Deadline patience;

  private int failures;

  /**
   * Events.
   *
   * @param endsWithEnd whether nothing follows the first end event
   */
  BackgroundFetchEvents(
      Gateway gateway,
      String path,
      boolean endsWithEnd,
      Function<ServerSentEvent, BackgroundFetchEvent> decoder) {
    this.gateway = gateway;
    this.path = path;
    this.endsWithEnd = endsWithEnd;
    this.decoder = decoder;
  }

  /**
   * Waits for the next event.
   *
   * @return false after the end event of a registration, or when this was closed
   */
  @Override
  public boolean hasNext() {
    while (next == null && !ended && !isClosed()) {
      try {
        advance();
      } catch (IOException e) {
        recover(gateway.unreachable(root, e));
      } catch (GatewayUnreachableException | BgfetchException e) {
        if (!Attempts.passes(e)) {
          throw e;
        }
        recover(e);
      }
    }
    return next != null;
  }

  @Override
  public BackgroundFetchEvent next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    BackgroundFetchEvent event = next;
    next = null;
    return event;
  }

  private void advance() throws IOException {
    ServerSentEvents connected = stream == null ? connect() : stream;
    if (connected == null) {
      return;
    }
    ServerSentEvent event = connected.next();
    if (event == null) {
      throw new EOFException("the event stream ended before the fetch did");
    }
    accept(event, decoded(event));
  }

  private BackgroundFetchEvent decoded(ServerSentEvent event) throws IOException {
    try {
      return decoder.apply(event);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException("an event that is none of bgfetch", e);
    }
  }

  private void accept(ServerSentEvent raw, BackgroundFetchEvent event) {
    backoff.reset();
    failures = 0;
    lastEventId = raw.lastEventId();
    if (seen.isNews(event)) {
      next = event;
    }
    if (endsWithEnd && event.isEnd()) {
      ended = true;
      disconnect();
    }
  }

  /** A new stream; null when the gateway says that there is nothing more to come. */
  private @Nullable ServerSentEvents connect() {
    root = gateway.addresses().current();
    HttpRequest.Builder builder = gateway.request(root, path).header("Accept", "text/event-stream");
    if (lastEventId != null) {
      builder.header("Last-Event-ID", lastEventId);
    }
    HttpRequest request = builder.build();
    HttpResponse<InputStream> answer = gateway.openAt(root, request, Duration.ZERO, SILENCE);
    if (answer.statusCode() == 204) {
      ended = true;
      return null;
    }
    ServerSentEvents connected = new ServerSentEvents(answer.body());
    stream = connected;
    if (!isEventStream(answer)) {
      throw gateway.foreign(root, request, answer);
    }
    patience = null;
    if (isClosed()) {
      disconnect();
    }
    return connected;
  }

  private static boolean isEventStream(HttpResponse<?> answer) {
    return answer
        .headers()
        .firstValue("Content-Type")
        .filter(type -> type.toLowerCase(Locale.ROOT).startsWith("text/event-stream"))
        .isPresent();
  }

  /** Waits before the next try, not at all where there is another gateway; or gives up. */
  private void recover(RuntimeException failure) {
    disconnect();
    if (isClosed()) {
      return;
    }
    if (patience == null) {
      patience = Deadline.in(gateway.timeouts().reconnect());
    }
    if (patience.left().isNegative() || Thread.currentThread().isInterrupted()) {
      throw failure;
    }
    gateway.addresses().leave(root);
    failures++;
    if (failures % gateway.addresses().size() == 0) {
      pause(failure);
    }
  }

  private void pause(RuntimeException failure) {
    try {
      var unused = closed.await(backoff.next().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure;
    }
  }

  private void disconnect() {
    ServerSentEvents old = stream;
    stream = null;
    if (old != null) {
      try {
        old.close();
      } catch (IOException e) {
        // it is given up either way
      }
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  /** Lets the connection go and ends a {@link #hasNext} that waits; the fetch goes on. */
  @Override
  public void close() {
    closed.countDown();
    disconnect();
  }
}
