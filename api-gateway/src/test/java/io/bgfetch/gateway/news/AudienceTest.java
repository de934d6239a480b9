package io.bgfetch.gateway.news;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class AudienceTest {

  private final UUID uid = UUID.randomUUID();
  private final Audience audience = new Audience();
  private final Follower follower =
      new Follower() {
        @Override
        public void hear(News news) {}

        @Override
        public void end() {}
      };

  @Test
  void whoFollowsOneOfItsTenantWantsNothingOfAnother() {
    audience.follow("mine", uid, follower);

    assertThat(audience.wants("mine", uid)).isTrue();
    assertThat(audience.wants("theirs", uid)).isFalse();
  }

  @Test
  void whoFollowsAllOfItsTenantWantsNothingOfAnother() {
    audience.followAll("mine", follower);

    assertThat(audience.wants("mine", uid)).isTrue();
    assertThat(audience.wants("theirs", uid)).isFalse();
  }

  @Test
  void nothingIsWantedOnceNobodyFollows() {
    audience.follow("mine", uid, follower);
    audience.unfollow("mine", uid, follower);

    assertThat(audience.wants("mine", uid)).isFalse();
    assertThat(audience.followed()).isEmpty();
  }
}
