package io.bgfetch.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.worker.task.Load;
import org.junit.jupiter.api.Test;

class WaitingRoomTest {

  private final WaitingRoom room = WaitingRoom.of(256, 256L << 20);

  @Test
  void isFullWhenEightTimesAsManyWaitAsMayRun() {
    assertThat(room.hasRoom(new Load(2_047, 2_303, 0))).isTrue();
    assertThat(room.hasRoom(new Load(2_048, 2_303, 0))).isFalse();
  }

  @Test
  void isFullWhenTheMessagesTakeAnEighthOfTheMemory() {
    assertThat(room.hasRoom(new Load(100, 100, (32L << 20) - 1))).isTrue();
    assertThat(room.hasRoom(new Load(100, 100, 32L << 20))).isFalse();
  }

  @Test
  void isFullWhenTooManyLastEventsAreNotAcknowledged() {
    assertThat(room.hasRoom(new Load(0, 2_559, 0))).isTrue();
    assertThat(room.hasRoom(new Load(0, 2_560, 0))).isFalse();
  }
}
