package io.bgfetch.gateway.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.Registration;
import io.bgfetch.fetch.Registration.RecordCounts;
import io.bgfetch.fetch.RegistrationResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnnouncementsTest {

  private final List<Registration> sent = new ArrayList<>();
  private final List<Promise<Void>> sending = new ArrayList<>();
  private final Map<Long, Handler<Long>> timers = new LinkedHashMap<>();
  private long lastTimer;

  private final Vertx vertx =
      (Vertx)
          Proxy.newProxyInstance(
              Vertx.class.getClassLoader(),
              new Class<?>[] {Vertx.class},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "setTimer" -> {
                      timers.put(++lastTimer, handler(arguments[1]));
                      yield lastTimer;
                    }
                    case "cancelTimer" -> timers.remove((Long) arguments[0]) != null;
                    default -> throw new UnsupportedOperationException(method.getName());
                  });

  private final Announcements announcements =
      new Announcements(
          vertx,
          new Announcements.Topic() {
            @Override
            public Future<Void> publish(Registration registration) {
              sent.add(registration);
              Promise<Void> promise = Promise.promise();
              sending.add(promise);
              return promise.future();
            }

            @Override
            public Future<Void> publishClick(Registration registration) {
              return Future.succeededFuture();
            }
          },
          new Announcements.Done() {
            @Override
            public Future<Void> endPublished(Registration end) {
              return Future.succeededFuture();
            }

            @Override
            public Future<Void> clickPublished(Registration click) {
              return Future.succeededFuture();
            }
          });

  @SuppressWarnings("unchecked")
  private static Handler<Long> handler(Object argument) {
    return (Handler<Long>) argument;
  }

  private static Registration state(long version, boolean paused, RegistrationResult result) {
    return new Registration(
        "default",
        new UUID(0, 1),
        "one",
        "",
        List.of(),
        0,
        0,
        0,
        0,
        result,
        FetchResult.NONE,
        true,
        paused,
        version,
        new RecordCounts(1, 0, 0, 0),
        Instant.EPOCH,
        null,
        null);
  }

  private static Registration paused(long version) {
    return state(version, true, RegistrationResult.NONE);
  }

  private static Registration running(long version) {
    return state(version, false, RegistrationResult.NONE);
  }

  private void offer(Registration state) {
    announcements.offer(Announcement.of(state, List.of(), state));
  }

  private void timePasses() {
    List<Long> due = List.copyOf(timers.keySet());
    due.forEach(id -> timers.remove(id).handle(id));
  }

  @AfterEach
  void setOneTimerForARegistrationAtMost() {
    assertThat(timers.size()).isLessThanOrEqualTo(1);
  }

  private static Registration ended(long version) {
    return state(version, false, RegistrationResult.SUCCESS);
  }

  /** What was read before the note of it was written. */
  @Test
  void sendAnEndOnceThoughALookDoesNotKnowYetThatItIsOut() {
    Promise<List<Announcement>> look = Promise.promise();
    offer(ended(2));
    Future<?> looked = announcements.offerFrom(look::future);
    sending.getFirst().complete();

    look.complete(List.of(Announcement.of(ended(2), List.of(), ended(2))));

    assertThat(looked.succeeded()).isTrue();
    assertThat(sent).containsExactly(ended(2));
  }

  @Test
  void sendAnEndAgainThatALaterLookDoesNotKnowToBeOut() {
    offer(ended(2));
    sending.getFirst().complete();

    Future<?> looked =
        announcements.offerFrom(
            () -> Future.succeededFuture(List.of(Announcement.of(ended(2), List.of(), ended(2)))));

    assertThat(looked.succeeded()).isTrue();
    assertThat(sent).containsExactly(ended(2), ended(2));
  }

  @Test
  void sendAStateAgainThatKafkaDidNotTake() {
    offer(paused(1));
    timePasses();

    sending.getFirst().fail("Kafka is away");
    assertThat(sent).containsExactly(paused(1));
    timePasses();
    assertThat(sent).containsExactly(paused(1), paused(1));

    sending.getLast().complete();
    timePasses();
    assertThat(sent).hasSize(2);
  }

  @Test
  void sendTheLatestStateInThePlaceOfOneThatKafkaDidNotTake() {
    offer(paused(1));
    offer(paused(2)); // a click, which shows nothing new
    sending.getFirst().fail("Kafka is away");

    timePasses();

    assertThat(sent).containsExactly(paused(1), paused(2));
  }

  @Test
  void sendNothingAgainAfterALaterState() {
    offer(running(1));
    offer(paused(2));
    timePasses();
    assertThat(sent).containsExactly(running(1), paused(2));

    sending.getFirst().fail("Kafka is away");
    sending.getLast().complete();
    timePasses();

    assertThat(sent).hasSize(2);
  }

  @Test
  void sendNoProgressAgainAfterTheEnd() {
    offer(running(1));
    offer(state(2, false, RegistrationResult.SUCCESS));
    sending.getFirst().fail("Kafka is away");

    timePasses();

    assertThat(sent).extracting(Registration::version).containsExactly(1L, 2L);
  }
}
