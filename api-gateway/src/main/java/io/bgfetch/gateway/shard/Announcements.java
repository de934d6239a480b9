package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.news.ProgressTopic;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what a shard has committed. States of one registration are merged: at most one per
 * quarter of a second goes out, and the last one always does, if need be again until Kafka has it;
 * one that shows nothing new does not. An end goes out at once, after which nothing of the
 * registration does but clicks. Clicks go out at once, in order with the states; one that is looked
 * up while it goes out may go out again. Used on the shard's context.
 */
final class Announcements {

  private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);
  private static final Duration MERGE = Duration.ofMillis(250);

  /** After a failure: Kafka is away, or what waits for it is too much already. */
  private static final Duration AGAIN = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final Topic topic;
  private final Done done;
  private final Map<UUID, Entry> entries = new HashMap<>();
  private final Set<UUID> endsUnderWay = new HashSet<>();
  private final Set<Click> clicksUnderWay = new HashSet<>();
  private final Set<UUID> endsOutSinceLook = new HashSet<>();
  private int looks;

  /** Where events go; a future fails where Kafka does not have it, or it is not known. */
  interface Topic {

    Future<Void> publish(Registration registration);

    Future<Void> publishClick(Registration registration);
  }

  /** Is told of events that Kafka has. */
  interface Done {

    /** The end of this registration was published. */
    Future<Void> endPublished(Registration end);

    /** A click on this registration, of its version, was published. */
    Future<Void> clickPublished(Registration click);
  }

  private record Click(UUID uid, long version) {}

  /** What was last heard of a registration and last sent, and what waits for its time. */
  private static final class Entry {
    @Nullable Registration latest;
    @Nullable Registration sent;
    @Nullable Registration next;
    long timer = -1;

    boolean isNews(Registration state) {
      return sent == null || state.version() > sent.version();
    }

    /** Whether people see nothing new in it: a click raises the version and nothing else. */
    boolean showsTheSame(Registration state) {
      return sent != null && state.atVersion(sent.version()).equals(sent);
    }
  }

  Announcements(Vertx vertx, ProgressTopic topic, Done done) {
    this(
        vertx,
        new Topic() {
          @Override
          public Future<Void> publish(Registration registration) {
            return topic.publish(registration);
          }

          @Override
          public Future<Void> publishClick(Registration registration) {
            return topic.publishClick(registration);
          }
        },
        done);
  }

  Announcements(Vertx vertx, Topic topic, Done done) {
    this.vertx = vertx;
    this.topic = topic;
    this.done = done;
  }

  /**
   * Takes what a look into Postgres finds. It may have read of an end that it is not out just
   * before that was noted.
   */
  Future<List<Announcement>> offerFrom(Supplier<Future<List<Announcement>>> look) {
    looks++;
    return look.get()
        .onSuccess(found -> found.forEach(this::offer))
        .onComplete(
            looked -> {
              looks--;
              if (looks == 0) {
                endsOutSinceLook.clear();
              }
            });
  }

  /** Takes what was committed of a registration. */
  void offer(Announcement announcement) {
    Registration state = announcement.state();
    if (state.active()) {
      announcement.clicks().forEach(this::publishClick);
      offerProgress(state);
    } else if (announcement.endIsOut() || endsOutSinceLook.contains(state.uid())) {
      announcement.clicks().forEach(this::publishClick);
    } else {
      announcement.clicks().stream()
          .filter(click -> click.version() < state.version())
          .forEach(this::publishClick);
      publishEnd(state);
      announcement.clicks().forEach(this::publishClick);
    }
  }

  private void publishEnd(Registration end) {
    if (endsUnderWay.add(end.uid())) {
      forget(end.uid());
      topic
          .publish(end)
          .onFailure(cause -> log(end, cause))
          .compose(sent -> done.endPublished(end))
          .onSuccess(noted -> endIsOut(end.uid()))
          .onFailure(again -> debug(end))
          .onComplete(over -> endsUnderWay.remove(end.uid()));
    }
  }

  private void endIsOut(UUID uid) {
    if (looks > 0) {
      endsOutSinceLook.add(uid);
    }
  }

  /** One that is under way is passed over; one that failed is found again in its table. */
  private void publishClick(Registration clicked) {
    Click click = new Click(clicked.uid(), clicked.version());
    if (clicksUnderWay.add(click)) {
      topic
          .publishClick(clicked)
          .onFailure(cause -> log(clicked, cause))
          .compose(sent -> done.clickPublished(clicked))
          .onFailure(again -> debug(clicked))
          .onComplete(over -> clicksUnderWay.remove(click));
    }
  }

  private void offerProgress(Registration registration) {
    Entry entry = entries.computeIfAbsent(registration.uid(), uid -> new Entry());
    if (!entry.isNews(registration)) {
      return;
    }
    entry.latest = registration;
    entry.next = entry.showsTheSame(registration) ? null : registration;
    if (entry.timer == -1) {
      send(registration.uid(), entry);
    }
  }

  private void send(UUID uid, Entry entry) {
    Registration registration = entry.next;
    if (registration == null) {
      entry.timer = -1;
      return;
    }
    entry.next = null;
    entry.sent = registration;
    entry.timer = vertx.setTimer(MERGE.toMillis(), passed -> send(uid, entry));
    topic.publish(registration).onFailure(cause -> notSent(entry, registration, cause));
  }

  /** What was sent after it tells more than it; else what is known by now is sent in its place. */
  private void notSent(Entry entry, Registration registration, Throwable cause) {
    log(registration, cause);
    UUID uid = registration.uid();
    if (registration.equals(entry.sent) && entries.get(uid) == entry) {
      entry.sent = null;
      entry.next = entry.latest;
      vertx.cancelTimer(entry.timer);
      entry.timer = vertx.setTimer(AGAIN.toMillis(), passed -> send(uid, entry));
    }
  }

  private void forget(UUID uid) {
    Entry entry = entries.remove(uid);
    if (entry != null && entry.timer != -1) {
      vertx.cancelTimer(entry.timer);
    }
  }

  private static void log(Registration registration, Throwable cause) {
    LOG.atWarn()
        .addKeyValue("uid", registration.uid())
        .addKeyValue("cause", cause.getMessage())
        .log("a change of a registration could not be published");
  }

  private static void debug(Registration registration) {
    LOG.atDebug()
        .addKeyValue("uid", registration.uid())
        .log("an event that was not noted as published will be published again");
  }

  /** Sends nothing more. */
  void close() {
    entries.values().stream().filter(e -> e.timer != -1).forEach(e -> vertx.cancelTimer(e.timer));
    entries.clear();
  }
}
