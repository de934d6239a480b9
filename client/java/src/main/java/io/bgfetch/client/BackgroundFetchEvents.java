package io.bgfetch.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The events of one registration as they happen, the present state first and the end event last.
 * {@link #hasNext} waits for the next one. A connection that is lost is made again, with what was
 * missed made up for by the state at that time; states that were seen before are left out. When no
 * connection can be had for a minute (or what the client was built with) it throws {@link
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

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Gateway gateway;
  private final String path;
  private final Function<ServerSentEvent, BackgroundFetchEvent> decoder;
  private final CountDownLatch closed = new CountDownLatch(1);

  private volatile @Nullable ServerSentEvents stream;
  private @Nullable BackgroundFetchEvent next;
  private @Nullable String lastEventId;
  private long lastVersion = -1;
  private boolean everConnected;
  private boolean ended;
  private Duration pause = FIRST_PAUSE;
  private Deadline patience;

  BackgroundFetchEvents(
      Gateway gateway, String path, Function<ServerSentEvent, BackgroundFetchEvent> decoder) {
    this.gateway = gateway;
    this.path = path;
    this.decoder = decoder;
    this.patience = Deadline.in(gateway.timeouts().reconnect());
  }

  /**
   * Waits for the next event.
   *
   * @return false after the end event, or when this was closed
   */
  @Override
  public boolean hasNext() {
    while (next == null && !ended && closed.getCount() > 0) {
      try {
        advance();
      } catch (IOException e) {
        recover(gateway.unreachable(e));
      } catch (GatewayUnreachableException e) {
        recover(e);
      } catch (BgfetchException e) {
        if (e.status() != 503) {
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
    accept(event, decoder.apply(event));
  }

  private void accept(ServerSentEvent raw, BackgroundFetchEvent event) {
    pause = FIRST_PAUSE;
    patience = Deadline.in(gateway.timeouts().reconnect());
    lastEventId = raw.lastEventId();
    if (event.registration().version() > lastVersion || event.isEnd()) {
      lastVersion = event.registration().version();
      next = event;
    }
    if (event.isEnd()) {
      ended = true;
      disconnect();
    }
  }

  /** A new stream; null when the gateway says that there is nothing more to come. */
  private @Nullable ServerSentEvents connect() {
    HttpRequest.Builder request = gateway.request(path).header("Accept", "text/event-stream");
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    HttpResponse<InputStream> answer = gateway.open(request.build(), Duration.ZERO, SILENCE);
    everConnected = true;
    if (answer.statusCode() == 204) {
      ended = true;
      return null;
    }
    ServerSentEvents connected = new ServerSentEvents(answer.body());
    stream = connected;
    if (closed.getCount() == 0) {
      disconnect();
    }
    return connected;
  }

  /** Waits before the next try, or gives up: at once when there was no connection at all yet. */
  private void recover(RuntimeException failure) {
    disconnect();
    if (closed.getCount() == 0) {
      return;
    }
    if (!everConnected || patience.left().isNegative() || Thread.currentThread().isInterrupted()) {
      throw failure;
    }
    try {
      if (closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure;
    }
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
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

  /** Lets the connection go and ends a {@link #hasNext} that waits; the fetch goes on. */
  @Override
  public void close() {
    closed.countDown();
    disconnect();
  }
}
