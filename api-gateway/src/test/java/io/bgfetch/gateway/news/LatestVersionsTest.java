package io.bgfetch.gateway.news;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.gateway.news.News.Kind;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LatestVersionsTest {

  private final LatestVersions versions = new LatestVersions();

  private static News news(Kind kind, long version) {
    return new News("default", new UUID(0, 1), kind, version, "{}");
  }

  @Test
  void letNobodyHearAnOlderState() {
    assertThat(versions.hear(news(Kind.PROGRESS, 2))).isTrue();

    assertThat(versions.hear(news(Kind.PROGRESS, 1))).isFalse();
    assertThat(versions.hear(news(Kind.PROGRESS, 2))).isTrue();
    assertThat(versions.hear(news(Kind.PROGRESS, 3))).isTrue();
  }

  @Test
  void letNobodyHearAnOlderStateThanSomebodyWasShown() {
    assertThat(versions.show(news(Kind.PROGRESS, 2))).isTrue();

    assertThat(versions.hear(news(Kind.PROGRESS, 1))).isFalse();
    assertThat(versions.hear(news(Kind.PROGRESS, 2))).isTrue();
  }

  @Test
  void letNobodyBeShownAnOlderStateThanItHeardOfMeanwhile() {
    versions.hear(news(Kind.PROGRESS, 2));

    assertThat(versions.show(news(Kind.PROGRESS, 1))).isFalse();
    assertThat(versions.show(news(Kind.PROGRESS, 2))).isTrue();
  }

  @Test
  void letEachBeShownWhatWasReadForIt() {
    versions.show(news(Kind.PROGRESS, 2));

    assertThat(versions.show(news(Kind.PROGRESS, 1))).isTrue();
  }

  @Test
  void letClicksBeHeardAlthoughSomebodyWasShownALaterState() {
    versions.show(news(Kind.PROGRESS, 2));

    assertThat(versions.hear(news(Kind.CLICK, 1))).isTrue();
  }

  @Test
  void letAClickThatWasSentAgainBeHeardAfterALaterState() {
    versions.hear(news(Kind.PROGRESS, 9));

    assertThat(versions.hear(news(Kind.CLICK, 8))).isTrue();
    assertThat(versions.hear(news(Kind.CLICK, 7))).isFalse();
  }

  @Test
  void letAStateBeShownThatWasReadBeforeAClick() {
    versions.hear(news(Kind.CLICK, 2));

    assertThat(versions.show(news(Kind.PROGRESS, 1))).isTrue();
  }

  @Test
  void letEndsBeHeardAlthoughAClickCameBefore() {
    versions.hear(news(Kind.CLICK, 2));

    assertThat(versions.hear(news(Kind.ABORT, 1))).isTrue();
    assertThat(versions.show(news(Kind.ABORT, 1))).isTrue();
    assertThat(versions.hear(news(Kind.PROGRESS, 1))).isFalse();
  }
}
