package io.bgfetch.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BackgroundFetchRegistrationTest {
  private final FakeGateway gateway = new FakeGateway();
  private final FakeFetch fetch =
      gateway.add("my-fetch", "http://h/a", "http://h/missing", "http://h/b?x=1");
  private final BackgroundFetchRegistration registration =
      BackgroundFetchManager.of(gateway.address()).find("my-fetch").orElseThrow();

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void showsWhatItWasWhenItWasReadLast() {
    fetch.performAll();
    assertThat(registration.result()).isEmpty();

    RegistrationState state = registration.refresh();

    assertThat(state.active()).isFalse();
    assertThat(registration.result()).isEqualTo("failure");
    assertThat(registration.failureReason()).isEqualTo("bad-status");
    assertThat(state.records()).isEqualTo(new RegistrationState.RecordCounts(3, 3, 2, 1));
    assertThat(state.endedAt()).isAfter(state.createdAt());
    assertThat(registration.recordsAvailable()).isTrue();
  }

  @Test
  void isAbortedOnce() {
    assertThat(registration.abort()).isTrue();
    assertThat(registration.abort()).isFalse();
  }

  @Test
  void isPausedAndGoesOn() {
    assertThat(registration.pause().paused()).isTrue();
    assertThat(registration.state().paused()).isTrue();
    assertThat(registration.resume().paused()).isFalse();
  }

  @Test
  void isNotPausedOnceItHasEnded() {
    fetch.performAll();

    assertThatThrownBy(registration::pause)
        .isInstanceOfSatisfying(
            BgfetchException.class, e -> assertThat(e.name()).isEqualTo("InvalidStateError"));
  }

  @Test
  void isReleasedOnceItHasEnded() {
    fetch.performAll();

    assertThat(registration.release().recordsAvailable()).isFalse();
    assertThat(registration.recordsAvailable()).isFalse();
  }

  @Test
  void isShownUnderAnotherTitle() {
    assertThat(registration.updateUI("Ready to listen").title()).isEqualTo("Ready to listen");
  }

  @Test
  void isShownWithOtherIcons() {
    List<String> changes = new ArrayList<>();
    gateway.answer(
        "PATCH /v1/fetches/" + fetch.uid(),
        exchange -> {
          changes.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          String state = fetch.snapshot().put("version", 9).toString();
          String icons = ",\"icons\":[{\"src\":\"/done.png\",\"label\":\"done\"}]}";
          FakeGateway.send(
              exchange, 200, "application/json", state.substring(0, state.length() - 1) + icons);
        });

    RegistrationState state =
        registration.updateUI("Ready", List.of(new Icon("/done.png", "1x1", "image/png")));
    registration.updateUI(List.of());

    assertThat(changes)
        .containsExactly(
            """
            {"title":"Ready","icons":[{"src":"/done.png","sizes":"1x1","type":"image/png"}]}\
            """,
            "{\"icons\":[]}");
    assertThat(state.icons()).containsExactly(new Icon("/done.png", null, null, "done"));
  }

  @Test
  void isClickedAndDeleted() {
    registration.click();
    registration.delete();

    assertThat(gateway.calls)
        .endsWith(
            "POST /v1/fetches/" + fetch.uid() + "/click", "DELETE /v1/fetches/" + fetch.uid());
    assertThat(BackgroundFetchManager.of(gateway.address()).find("my-fetch")).isEmpty();
  }

  @Test
  void registersAgainWhatFailed() {
    fetch.performAll();

    BackgroundFetchRegistration again = registration.retry("second-try");

    assertThat(again.id()).isEqualTo("second-try");
    assertThat(again.uid()).isNotEqualTo(registration.uid());
    assertThat(again.matchAll())
        .extracting(record -> record.request().url())
        .containsExactly("http://h/missing");
  }

  @Test
  void matchesByUrl() {
    assertThat(registration.match("http://h/missing"))
        .get()
        .extracting(BackgroundFetchRecord::index)
        .isEqualTo(1L);
    assertThat(registration.match("http://h/b")).isEmpty();
  }

  @Test
  void matchesAsTheOptionsSay() {
    var found =
        registration.match(
            FetchRequest.of("http://h/b"), new CacheQueryOptions(true, false, false));

    assertThat(found).isPresent();
  }

  @Test
  void matchesAll() {
    assertThat(registration.matchAll()).extracting(BackgroundFetchRecord::index).contains(0L, 2L);
    assertThat(registration.matchAll(FetchRequest.of("http://h/a"), CacheQueryOptions.NONE))
        .hasSize(1);
  }

  @Test
  void readsRecordsByTheirResult() {
    fetch.performAll();

    List<BackgroundFetchRecord> failed =
        registration.records("bad-status", "fetch-error").stream().toList();

    assertThat(failed).hasSize(1);
    assertThat(failed.get(0).result()).isEqualTo("bad-status");
    assertThat(failed.get(0).request().url()).isEqualTo("http://h/missing");
    assertThat(failed.get(0).response().status()).isEqualTo(404);
    assertThat(failed.get(0).response().headers()).containsEntry("content-type", "text/plain");
    assertThat(gateway.calls).last().asString().endsWith("&result=bad-status%2Cfetch-error");
  }

  @Test
  void readsEveryPageOfRecordsOnlyWhenItIsWanted() {
    String[] urls = IntStream.range(0, 2500).mapToObj(i -> "http://h/" + i).toArray(String[]::new);
    FakeFetch bulk = gateway.add("bulk", urls);
    var registration = BackgroundFetchManager.of(gateway.address()).find("bulk").orElseThrow();
    var records = registration.records();
    gateway.calls.clear();

    assertThat(records.stream().limit(1001).count()).isEqualTo(1001);
    assertThat(gateway.calls).hasSize(2);
    assertThat(records.stream().map(BackgroundFetchRecord::index).distinct()).hasSize(2500);
    assertThat(records.page(10, "2490").next()).isNull();
    assertThat(records.page(10, null).next()).isEqualTo("10");
    assertThat(bulk.active()).isTrue();
  }

  @Test
  void hasNoRecordBeyondItsLast() {
    assertThat(registration.record(2).request().url()).isEqualTo("http://h/b?x=1");
    assertThatThrownBy(() -> registration.record(3))
        .isInstanceOfSatisfying(BgfetchException.class, e -> assertThat(e.status()).isEqualTo(404));
  }
}
