package io.bgfetch.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TurnsTest {

  private static final UUID ONE = new UUID(0, 1);
  private static final UUID OTHER = new UUID(0, 2);

  private final Turns turns = new Turns(8, 4);

  private final List<Turns.Turn> underWay = new ArrayList<>();

  private void begin(UUID webhook) {
    underWay.add(turns.begin(webhook));
  }

  private void answered(UUID webhook) {
    turns.begin(webhook).end(true);
  }

  private static List<UUID> webhooks(int count) {
    return Stream.iterate(10L, n -> n + 1).limit(count).map(n -> new UUID(0, n)).toList();
  }

  @Test
  void giveOneToWhomNobodyKnows() {
    assertThat(turns.share(List.of(ONE, OTHER))).isEqualTo(Map.of(ONE, 1, OTHER, 1));
  }

  @Test
  void giveSeveralToWhoAnswers() {
    answered(ONE);

    assertThat(turns.share(List.of(ONE))).isEqualTo(Map.of(ONE, 4));
  }

  @Test
  void giveOneAgainToWhoFallsSilent() {
    answered(ONE);
    turns.begin(ONE).end(false);

    assertThat(turns.share(List.of(ONE))).isEqualTo(Map.of(ONE, 1));
  }

  @Test
  void giveNoMoreThanIsLeftOfAWebhook() {
    answered(ONE);
    begin(ONE);
    begin(ONE);
    begin(ONE);

    assertThat(turns.share(List.of(ONE))).isEqualTo(Map.of(ONE, 1));

    begin(ONE);

    assertThat(turns.share(List.of(ONE))).isEmpty();
    assertThat(turns.withoutRoom()).containsExactly(ONE);
  }

  @Test
  void leaveHalfToThoseWhoAnswer() {
    answered(ONE);

    Map<UUID, Integer> silent = turns.share(webhooks(20));
    silent.keySet().forEach(this::begin);

    assertThat(silent).hasSize(4);
    assertThat(turns.share(webhooks(20))).isEmpty();
    assertThat(turns.share(List.of(OTHER, ONE))).isEqualTo(Map.of(ONE, 4));
  }

  @Test
  void needNobodyWhoDoesNotAnswerOnceTheHalfOfThoseIsTaken() {
    turns.begin(OTHER).end(false);
    answered(ONE);
    assertThat(turns.withoutRoom()).isEmpty();

    webhooks(4).forEach(this::begin);

    assertThat(turns.withoutRoom()).contains(OTHER).doesNotContain(ONE);
  }

  @Test
  void giveNoMoreThanThereIsAltogether() {
    List<UUID> all = webhooks(3);
    all.forEach(this::answered);

    Map<UUID, Integer> rooms = turns.share(all);

    assertThat(rooms.values()).containsExactly(4, 4);
    rooms.forEach(
        (webhook, room) -> Stream.generate(() -> webhook).limit(room).forEach(this::begin));
    assertThat(turns.full()).isTrue();
  }

  @Test
  void comeBackWithTheEndOfAnAttempt() {
    Turns.Turn turn = turns.begin(ONE);
    assertThat(turns.share(List.of(ONE))).isEmpty();

    turn.end(false);

    assertThat(turns.share(List.of(ONE))).isEqualTo(Map.of(ONE, 1));
    assertThat(turns.withoutRoom()).isEmpty();
  }
}
