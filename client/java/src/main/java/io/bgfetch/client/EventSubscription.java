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
  private boolean telling;
  private boolean over;
  private boolean ended;
  private @Nullable Throwable failure;

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
  }

  private void read() {
    try {
      while (hasRoom() && events.hasNext()) {
        add(events.next());
      }
      end(null);
    } catch (RuntimeException e) {
      end(e);
    }
  }

  /** Waits until there is; false when nobody wants anything any more. */
  private synchronized boolean hasRoom() {
    try {
      while (!over && unread.size() >= MOST_UNREAD) {
        wait();
      }
      return !over;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private synchronized void add(BackgroundFetchEvent event) {
    unread.add(event);
    tell();
  }

  private synchronized void end(@Nullable Throwable cause) {
    if (!ended) {
      ended = true;
      failure = cause;
      tell();
    }
  }

  @Override
  public synchronized void request(long n) {
    if (n > 0) {
      demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
      tell();
    } else {
      unread.clear();
      events.close();
      end(new IllegalArgumentException("more than 0 must be requested, not " + n));
    }
  }

  @Override
  public synchronized void cancel() {
    over = true;
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

  private void tellAll() {
    for (Runnable signal = nextSignal(); signal != null; signal = nextSignal()) {
      try {
        signal.run();
      } catch (
          RuntimeException e) { // a subscriber that throws has cancelled (Reactive Streams 2.13)
        cancel();
      }
    }
  }

  private synchronized @Nullable Runnable nextSignal() {
    BackgroundFetchEvent event = over || demand == 0 ? null : unread.poll();
    if (event != null) {
      demand -= demand == Long.MAX_VALUE ? 0 : 1;
      notifyAll();
      return () -> subscriber.onNext(event);
    }
    telling = false;
    if (over || !ended || unread.size() > 0) {
      return null;
    }
    over = true;
    Throwable cause = failure;
    return cause == null ? subscriber::onComplete : () -> subscriber.onError(cause);
  }
}
