package io.bgfetch.gateway.shard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WaitingLooksTest {

  private long now = 1_000;
  private final WaitingLooks looks = new WaitingLooks(() -> now);

  @Test
  void areTakenAtEachStepWhileSomethingComesOfThem() {
    assertThat(looks.due()).isTrue();
    looks.looked(true, true);
    looks.followedBy(true);

    assertThat(looks.due()).isTrue();
  }

  @Test
  void areTakenEveryNowAndThenWhileNothingIsDue() {
    looks.looked(false, true);
    looks.followedBy(true);

    assertThat(looks.due()).isFalse();
    now += 100;
    assertThat(looks.due()).isTrue();
  }

  @Test
  void areTakenEveryNowAndThenWhileNothingThatIsDueMayBeReleased() {
    looks.looked(true, true);
    looks.followedBy(false);

    assertThat(looks.due()).isFalse();
    now += 100;
    assertThat(looks.due()).isTrue();
  }

  @Test
  void areNotTakenWhileNothingWaits() {
    looks.looked(false, false);
    now += 100_000;

    assertThat(looks.due()).isFalse();
    looks.someMayWait();
    assertThat(looks.due()).isTrue();
  }
}
