package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.news.ProgressTopic;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what a shard has committed. States of one registration are merged: at most one per
 * quarter of a second goes out, and the last one always does. An end goes out at once, after which
 * nothing of the registration does. Used on the shard's context.
 */
final class Announcements {

  private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);
  private static final Duration MERGE = Duration.ofMillis(250);

  private final Vertx vertx;
  private final ProgressTopic topic;
  private final Consumer<Registration> ended;
  private final Map<UUID, Entry> entries = new HashMap<>();
  private final Set<UUID> endsUnderWay = new HashSet<>();

  /** What was last sent of a registration, and what waits for its time. */
  private static final class Entry {
    long sentVersion;
    @Nullable Registration next;
    long timer = -1;
  }

  /**
   * Makes them.
   *
   * @param ended is told of an end event that Kafka has
   */
  Announcements(Vertx vertx, ProgressTopic topic, Consumer<Registration> ended) {
    this.vertx = vertx;
    this.topic = topic;
    this.ended = ended;
  }

  /** Takes the state of a registration as it was committed. */
  void offer(Registration registration) {
    if (registration.active()) {
      offerProgress(registration);
    } else if (endsUnderWay.add(registration.uid())) {
      forget(registration.uid());
      topic
          .publish(registration)
          .onComplete(sent -> endsUnderWay.remove(registration.uid()))
          .onSuccess(sent -> ended.accept(registration))
          .onFailure(cause -> log(registration, cause));
    }
  }

  private void offerProgress(Registration registration) {
    Entry entry = entries.computeIfAbsent(registration.uid(), uid -> new Entry());
    if (registration.version() <= entry.sentVersion) {
      return;
    }
    entry.next = registration;
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
    entry.sentVersion = registration.version();
    entry.timer = vertx.setTimer(MERGE.toMillis(), passed -> send(uid, entry));
    topic.publish(registration).onFailure(cause -> log(registration, cause));
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

  /** Sends nothing more. */
  void close() {
    entries.values().stream().filter(e -> e.timer != -1).forEach(e -> vertx.cancelTimer(e.timer));
    entries.clear();
  }
}
