package io.bgfetch.client;

import java.util.concurrent.Executor;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's stream. One thread reads events and merges what is not asked for; another one
 * tells the subscriber, so that a slow one holds up nobody, the gateway included. It reads no
 * further while very many registrations have news that nobody asks for.
 */
final class EventSubscription implements Subscription {
  private static final int MOST_UNREAD = 10_000;

  private final BackgroundFetchEvents events;
  private final Subscriber<? super BackgroundFetchEvent> subscriber;
  private final Executor threads;

  // all of these under the lock of this
  private final UnreadEvents unread = new UnreadEvents();
  private long demand;

  /** Whether the subscriber is being told something, {@code onSubscribe} to begin with. */
  private boolean telling = true;

  /** Whether the subscriber is told nothing any more. */
  private boolean over;

  /** Whether nothing more comes to be read. */
  private boolean ended;

  /** Why the stream broke off. */
  private @Nullable Throwable failure;

  /** What was wrong about a request: the subscriber is told of it before all that is unread. */
  private @Nullable IllegalArgumentException mistake;

  EventSubscription(
      BackgroundFetchEvents events,
      Subscriber<? super BackgroundFetchEvent> subscriber,
      Executor threads) {
    this.events = events;
    this.subscriber = subscriber;
    this.threads = threads;
  }

  void start() {
    subscriber.onSubscribe(this);
    threads.execute(this::read);
    subscribed();
  }

  private synchronized void subscribed() {
    telling = false;
    tell();
  }

  private void read() {
    try {
      while (hasRoom() && events.hasNext()) {
        add(events.next());
      }
      end(null);
    } catch (RuntimeException | Error e) {
      end(e); // who waits for events learns of whatever there will be none for
    }
  }

  /** Waits until there is; false when nobody wants anything any more. */
  private synchronized boolean hasRoom() {
    try {
      while (isWanted() && unread.size() >= MOST_UNREAD) {
        wait();
      }
      return isWanted();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Under the lock. */
  private boolean isWanted() {
    return !over && mistake == null;
  }

  private synchronized void add(BackgroundFetchEvent event) {
    unread.add(event);
    tell();
  }

  private synchronized void end(@Nullable Throwable cause) {
    ended = true;
    failure = cause;
    tell();
  }

  @Override
  public synchronized void request(long n) {
    if (n > 0) {
      demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
      tell();
    } else if (isWanted()) {
      mistake = new IllegalArgumentException("more than 0 must be requested, not " + n);
      letGo();
      tell();
    }
  }

  @Override
  public synchronized void cancel() {
    over = true;
    letGo();
  }

  /** Under the lock: frees the connection, and the thread that reads if it waits for room. */
  private void letGo() {
    notifyAll();
    events.close();
  }

  /** Under the lock. */
  private void tell() {
    if (!telling && !over) {
      telling = true;
      threads.execute(this::tellAll);
    }
  }

  /** A subscriber that throws has cancelled (Reactive Streams 2.13). */
  private void tellAll() {
    for (Runnable signal = nextSignal(); signal != null; signal = nextSignal()) {
      try {
        signal.run();
      } catch (RuntimeException e) {
        cancel();
      } catch (Error e) {
        cancel();
        throw e;
      }
    }
  }

  private synchronized @Nullable Runnable nextSignal() {
    BackgroundFetchEvent event = isWanted() && demand > 0 ? unread.poll() : null;
    if (event != null) {
      demand -= demand == Long.MAX_VALUE ? 0 : 1;
      notifyAll();
      return () -> subscriber.onNext(event);
    }
    telling = false;
    if (over || (mistake == null && (!ended || unread.size() > 0))) {
      return null;
    }
    over = true;
    Throwable cause = mistake == null ? failure : mistake;
    return cause == null ? subscriber::onComplete : () -> subscriber.onError(cause);
  }
}
