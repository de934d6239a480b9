package io.bgfetch.gateway.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AheadTest {

  private final Ahead ahead = new Ahead();

  private static LinkedHashMap<String, Integer> named(String host, int first) {
    LinkedHashMap<String, Integer> named = new LinkedHashMap<>();
    named.put(host, first);
    return named;
  }

  @Test
  void knowsWhatWasReadAndLookedAt() {
    ahead.read(10, named("a", 0));
    ahead.extend(100, named("b", 40));

    assertThat(ahead.upTo()).isEqualTo(100);
    assertThat(ahead.known(30)).isEqualTo(70);
    assertThat(ahead.hosts()).containsExactlyInAnyOrder("a", "b");
    assertThat(ahead.first("b", 30)).isEqualTo(40);
    assertThat(ahead.first("a", 30)).isEqualTo(30);
  }

  @Test
  void learnsThatAHostIsFurtherOffThanItMightHaveBeen() {
    ahead.read(10, named("a", 0));
    ahead.extend(100, named("b", 40));

    ahead.read(50, named("a", 20));

    assertThat(ahead.first("b", 20)).isEqualTo(50);
    assertThat(ahead.first("a", 20)).isEqualTo(20);
  }

  @Test
  void forgetsAHostThatNoneOfTheStretchNames() {
    ahead.read(10, named("a", 0));
    ahead.extend(100, named("b", 40));

    ahead.read(100, named("a", 20));

    assertThat(ahead.hosts()).containsExactly("a");
  }

  @Test
  void knowsNothingOnceTheCursorIsBeyondIt() {
    ahead.read(10, named("a", 0));

    ahead.movedTo(10);

    assertThat(ahead.known(10)).isZero();
    assertThat(ahead.hosts()).isEmpty();
  }

  @Test
  void endsBeforeTheHostThatIsTooMany() {
    LinkedHashMap<String, Integer> many = new LinkedHashMap<>();
    IntStream.range(0, 200).forEach(i -> many.put("host" + i, i * 3));

    ahead.extend(600, many);

    assertThat(ahead.hosts()).hasSize(Ahead.MOST_HOSTS);
    assertThat(ahead.upTo()).isEqualTo(Ahead.MOST_HOSTS * 3);
  }
}
