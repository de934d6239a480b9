package io.bgfetch.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SeenTest {
  private final Seen seen = new Seen();

  private static BackgroundFetchEvent event(String type, long version) {
    return new BackgroundFetchEvent(
        type,
        new RegistrationState(
            "id",
            "uid",
            "",
            List.of(),
            0,
            0,
            0,
            0,
            "",
            "",
            true,
            false,
            version,
            new RegistrationState.RecordCounts(1, 0, 0, 0),
            null,
            null,
            null));
  }

  private boolean isNews(String type, long version) {
    return seen.isNews(event(type, version));
  }

  @Test
  void isNoStateOfTheSameVersionNorOfAnEarlierOne() {
    assertThat(isNews("progress", 2)).isTrue();

    assertThat(isNews("progress", 2)).isFalse();
    assertThat(isNews("progress", 1)).isFalse();
    assertThat(isNews("backgroundfetchsuccess", 3)).isTrue();
  }

  @Test
  void isNoClickThatWasToldBefore() {
    assertThat(isNews("backgroundfetchclick", 2)).isTrue();

    assertThat(isNews("backgroundfetchclick", 2)).isFalse();
  }

  @Test
  void comparesClicksWithClicksOnly() {
    assertThat(isNews("progress", 9)).isTrue();
    assertThat(isNews("backgroundfetchclick", 9)).isTrue();

    assertThat(isNews("backgroundfetchabort", 12)).isTrue();
    assertThat(isNews("backgroundfetchclick", 11)).isTrue();
  }
}
