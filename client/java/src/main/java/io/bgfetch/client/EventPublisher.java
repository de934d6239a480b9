package io.bgfetch.client;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow.Publisher;
import java.util.concurrent.Flow.Subscriber;
import java.util.function.Supplier;

/** Events for subscribers, each of which has a stream of its own. */
final class EventPublisher implements Publisher<BackgroundFetchEvent> {
  private final Supplier<BackgroundFetchEvents> events;
  private final Executor threads;

  EventPublisher(Supplier<BackgroundFetchEvents> events, Executor threads) {
    this.events = events;
    this.threads = threads;
  }

  @Override
  public void subscribe(Subscriber<? super BackgroundFetchEvent> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    new EventSubscription(events.get(), subscriber, threads).start();
  }
}
