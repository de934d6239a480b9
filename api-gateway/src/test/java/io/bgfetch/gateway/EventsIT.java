package io.bgfetch.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bgfetch.gateway.EventReader.Event;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@WithBackends
class EventsIT {

  @TempDir static Path data;
  static RunningGateway gateway;
  static String postgres;
  static String kafka;

  @BeforeAll
  static void start(TestBackends backends) {
    postgres = backends.freshDatabase();
    kafka = backends.freshKafka();
    gateway = RunningGateway.start(postgres, kafka, data);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static String registered() {
    return gateway.registered(UUID.randomUUID().toString(), "http://a.example/");
  }

  private static EventReader follow(String path) {
    return new EventReader(gateway, gateway.request(path).build());
  }

  private static EventReader follow(String path, String lastId) {
    return new EventReader(gateway, gateway.request(path).header("Last-Event-ID", lastId).build());
  }

  private static void abort(String uid) {
    assertThat(gateway.post("/v1/fetches/" + uid + "/abort", "a/b", "").body()).contains("true");
  }

  @Test
  void ofOneBeginWithItsStateAndEndWithItsEnd() throws IOException {
    String uid = registered();
    try (EventReader reader = follow("/v1/fetches/" + uid + "/events")) {
      await().until(() -> !reader.events().isEmpty());
      Event first = reader.events().getFirst();
      assertThat(first.type()).isEqualTo("progress");
      assertThat(first.id()).isEqualTo(uid + ":" + first.data().getLong("version"));

      abort(uid);

      await().until(reader::ended);
      Event last = reader.events().getLast();
      assertThat(last.type()).isEqualTo("backgroundfetchabort");
      assertThat(last.data().getString("failureReason")).isEqualTo("aborted");
      assertThat(reader.events()).extracting(e -> e.data().getLong("version")).isSorted();
      assertThat(reader.events().stream().filter(e -> !e.type().equals("progress"))).hasSize(1);

      try (EventReader again = follow("/v1/fetches/" + uid + "/events", last.id())) {
        assertThat(again.status()).isEqualTo(204);
      }
    }
  }

  @Test
  void ofOneThatHasEndedAreItsEndOnly() throws IOException {
    String uid = registered();
    abort(uid);

    try (EventReader reader = follow("/v1/fetches/" + uid + "/events", uid + ":1")) {
      await().until(reader::ended);

      assertThat(reader.events()).extracting(Event::type).containsExactly("backgroundfetchabort");
    }
  }

  @Test
  void ofAnIdThatWasUsedAgainAreOfTheOneThatWasSeen() throws IOException {
    String id = UUID.randomUUID().toString();
    String before = gateway.registered(id, "http://a.example/");
    abort(before);
    String after = gateway.registered(id, "http://a.example/");
    String path = "/v1/fetches/" + id + "/events";

    try (EventReader reader = follow(path, before + ":1")) {
      await().until(reader::ended);
      Event end = reader.events().getLast();
      assertThat(end.uid()).isEqualTo(before);
      assertThat(end.type()).isEqualTo("backgroundfetchabort");
      try (EventReader again = follow(path, end.id())) {
        assertThat(again.status()).isEqualTo(204);
      }
      try (EventReader byUid = follow(pathOf(after), end.id())) {
        await().until(() -> !byUid.events().isEmpty());
        assertThat(byUid.events().getFirst().uid()).isEqualTo(after);
      }
    }
    try (EventReader reader = follow(path, registered() + ":1")) {
      await().until(() -> !reader.events().isEmpty());
      assertThat(reader.events().getFirst().uid()).isEqualTo(after);
    }
  }

  @Test
  void ofNobodyAreNotThere() {
    assertThat(gateway.get("/v1/fetches/nobody/events").statusCode()).isEqualTo(404);
  }

  @Test
  void ofAllTellOfWhatIsActiveAndWhatComes() throws IOException {
    String before = registered();
    try (EventReader reader = follow("/v1/events")) {
      await().until(() -> reader.events().stream().anyMatch(e -> e.uid().equals(before)));

      String after = registered();
      abort(after);
      abort(before);

      await()
          .untilAsserted(
              () ->
                  assertThat(
                          reader.events().stream()
                              .filter(e -> e.type().equals("backgroundfetchabort"))
                              .map(Event::uid))
                      .contains(before, after));
      assertThat(reader.ended()).isFalse();
    }
  }

  /** It is not forgotten yet: it has a click that no shard publishes. */
  @Test
  void ofAllMakeUpForTheAbortOfOneThatWasDeleted() throws IOException {
    String uid = registered();
    String lastId;
    try (EventReader reader = follow("/v1/events")) {
      await().until(() -> reader.events().stream().anyMatch(e -> e.uid().equals(uid)));
      lastId = reader.events().getLast().id();
    }
    gateway.sql("INSERT INTO click VALUES (99, '" + uid + "', 1)");
    assertThat(gateway.send(gateway.request("/v1/fetches/" + uid).DELETE().build()).statusCode())
        .isEqualTo(204);
    String published =
        "SELECT count(*) FROM registration WHERE published_version >= end_version AND uid = '"
            + uid
            + "'";
    await().until(() -> gateway.number(published) == 1);

    try (EventReader reader = follow("/v1/events", lastId)) {
      await()
          .until(
              () ->
                  reader.events().stream()
                      .anyMatch(
                          e -> e.uid().equals(uid) && e.type().equals("backgroundfetchabort")));
    }
    assertThat(gateway.get("/v1/fetches/" + uid).statusCode()).isEqualTo(404);
    gateway.sql("DELETE FROM click WHERE shard = 99");
  }

  @Test
  void ofAllMakeUpForEndsThatWereMissed() throws IOException {
    String uid = registered();
    String lastId;
    try (EventReader reader = follow("/v1/events")) {
      await().until(() -> reader.events().stream().anyMatch(e -> e.uid().equals(uid)));
      lastId = reader.events().getLast().id();
    }
    abort(uid);

    try (EventReader reader = follow("/v1/events", lastId)) {
      await()
          .until(
              () ->
                  reader.events().stream()
                      .anyMatch(
                          e -> e.uid().equals(uid) && e.type().equals("backgroundfetchabort")));
    }
  }

  /** Who loses the stream before anything happened goes on from its beginning. */
  @Test
  void ofAllHaveAnIdBeforeTheFirstEvent() throws IOException {
    String lastId;
    try (EventReader reader = follow("/v1/events")) {
      await().until(() -> !reader.lastId().isEmpty());
      lastId = reader.lastId();
    }
    String uid = registered();
    abort(uid);

    try (EventReader reader = follow("/v1/events", lastId)) {
      await()
          .until(
              () ->
                  reader.events().stream()
                      .anyMatch(
                          e -> e.uid().equals(uid) && e.type().equals("backgroundfetchabort")));
    }
  }

  /** What a reader had of one gateway that is gone, it goes on with at another. */
  @Test
  void goOnAtAnotherGateway() throws IOException {
    RunningGateway other = RunningGateway.start(postgres, kafka, data);
    String uid = registered();
    String lastOfOne;
    String lastOfAll;
    try (EventReader one = new EventReader(other, other.request(pathOf(uid)).build());
        EventReader all = new EventReader(other, other.request("/v1/events").build())) {
      await().until(() -> !one.events().isEmpty());
      await().until(() -> all.events().stream().anyMatch(e -> e.uid().equals(uid)));
      lastOfOne = one.events().getLast().id();
      lastOfAll = all.events().getLast().id();
    } finally {
      other.close();
    }
    abort(uid);

    try (EventReader one = follow(pathOf(uid), lastOfOne);
        EventReader all = follow("/v1/events", lastOfAll)) {
      await().until(one::ended);
      await().until(() -> all.events().stream().anyMatch(e -> isEnd(e, uid)));
      JsonObject now = RunningGateway.json(gateway.get("/v1/fetches/" + uid));
      assertThat(one.events().getLast().data()).isEqualTo(now);
      assertThat(all.events().stream().filter(e -> isEnd(e, uid)).map(Event::data))
          .containsExactly(now);
      assertThat(follow(pathOf(uid), one.events().getLast().id()).status()).isEqualTo(204);
    }
  }

  private static String pathOf(String uid) {
    return "/v1/fetches/" + uid + "/events";
  }

  private static boolean isEnd(Event event, String uid) {
    return event.uid().equals(uid) && event.type().equals("backgroundfetchabort");
  }
}
