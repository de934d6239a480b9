package io.bgfetch.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.gateway.news.News;
import io.bgfetch.gateway.news.News.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UnreadNewsTest {

  private final UUID uid = new UUID(0, 1);
  private final UnreadNews unread = new UnreadNews(false);

  private void offer(Kind kind, long version) {
    unread.offer(news(kind, version));
  }

  private News news(Kind kind, long version) {
    return new News("default", uid, kind, version, "{}");
  }

  private List<String> shown() {
    List<String> shown = new ArrayList<>();
    for (News news = unread.poll(); news != null; news = unread.poll()) {
      shown.add(news.kind() + " " + news.version());
    }
    return shown;
  }

  @Test
  void areTheLatestStateOnly() {
    offer(Kind.PROGRESS, 1);
    offer(Kind.PROGRESS, 3);
    offer(Kind.PROGRESS, 2);

    assertThat(shown()).containsExactly("PROGRESS 3");
  }

  @Test
  void areNothingOlderThanWhatWasShown() {
    offer(Kind.PROGRESS, 3);
    shown();
    offer(Kind.PROGRESS, 3);
    offer(Kind.PROGRESS, 2);

    assertThat(shown()).isEmpty();
  }

  @Test
  void areAClickThatWasSentAgainAfterALaterState() {
    offer(Kind.PROGRESS, 9);
    shown();
    offer(Kind.CLICK, 8);
    assertThat(shown()).containsExactly("CLICK 8");

    offer(Kind.CLICK, 8);
    offer(Kind.CLICK, 7);
    assertThat(shown()).isEmpty();
  }

  @Test
  void areInOrderWhateverCameFirst() {
    offer(Kind.PROGRESS, 9);
    offer(Kind.CLICK, 8);
    assertThat(shown()).containsExactly("CLICK 8", "PROGRESS 9");

    offer(Kind.CLICK, 15);
    offer(Kind.ABORT, 12);
    assertThat(shown()).containsExactly("ABORT 12", "CLICK 15");
  }

  @Test
  void areNoClickBeforeAStateWhereAStateIsFirst() {
    UnreadNews unread = new UnreadNews(true);
    unread.offer(news(Kind.CLICK, 15));
    assertThat(unread.poll()).isNull();

    unread.show(news(Kind.PROGRESS, 10));
    assertThat(unread.poll()).isEqualTo(news(Kind.PROGRESS, 10));
    assertThat(unread.poll()).isEqualTo(news(Kind.CLICK, 15));
  }

  @Test
  void areAClickBesideTheState() {
    offer(Kind.PROGRESS, 1);
    offer(Kind.CLICK, 2);

    assertThat(shown()).containsExactly("PROGRESS 1", "CLICK 2");
  }

  @Test
  void stayInOrderWhereAStateIsReplacedBehindAClick() {
    offer(Kind.PROGRESS, 1);
    offer(Kind.CLICK, 2);
    offer(Kind.PROGRESS, 3);

    assertThat(shown()).containsExactly("CLICK 2", "PROGRESS 3");
  }

  @Test
  void stayInOrderWhereAClickIsReplacedBehindAState() {
    offer(Kind.CLICK, 1);
    offer(Kind.PROGRESS, 2);
    offer(Kind.CLICK, 3);

    assertThat(shown()).containsExactly("PROGRESS 2", "CLICK 3");
  }

  @Test
  void areStateAndClickOfTheSameVersion() {
    offer(Kind.PROGRESS, 1);
    offer(Kind.CLICK, 1);

    assertThat(shown()).containsExactly("PROGRESS 1", "CLICK 1");
  }

  @Test
  void areTheEndAlthoughAClickCameBeforeIt() {
    offer(Kind.CLICK, 2);
    shown();
    offer(Kind.ABORT, 1);

    assertThat(shown()).containsExactly("ABORT 1");
  }

  @Test
  void areLostTogetherWhereTooMuchWaits() {
    offerLong(1, 1_000);

    assertThat(unread.lost()).isTrue();
    assertThat(shown()).isEmpty();
    offer(Kind.PROGRESS, 5);
    assertThat(shown()).isEmpty();
  }

  @Test
  void waitAgainOnceWhatWasLostIsMadeUpFor() {
    offerLong(1, 1_000);
    unread.makeUp();
    offerLong(1, 10);

    assertThat(unread.lost()).isFalse();
    assertThat(shown()).hasSize(10);
  }

  @Test
  void areNotLostForStatesThatReplaceEachOther() {
    for (int version = 1; version < 1_000; version++) {
      offerLong(version, 10);
    }

    assertThat(unread.lost()).isFalse();
    assertThat(shown()).hasSize(10);
  }

  @Test
  void areNotLostForWhatWasReadForTheReader() {
    for (int registration = 1; registration <= 1_000; registration++) {
      unread.show(news(registration, 1));
    }
    offerLong(2, 10);

    assertThat(unread.lost()).isFalse();
    assertThat(shown()).hasSize(1_000);
  }

  @Test
  void leaveWhatWasReadForTheReaderWhereTheyAreLost() {
    unread.show(news(2_000, 1));
    offerLong(1, 1_000);

    assertThat(unread.lost()).isTrue();
    assertThat(shown()).containsExactly("PROGRESS 1");
  }

  private void offerLong(long version, int registrations) {
    for (int registration = 1; registration <= registrations; registration++) {
      unread.offer(news(registration, version));
    }
  }

  private static News news(int registration, long version) {
    return new News(
        "default", new UUID(1, registration), Kind.PROGRESS, version, "x".repeat(1_000));
  }
}
