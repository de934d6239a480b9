package io.bgfetch.gateway.news;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
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

  @Test
  void hearsTheLatestStateAndTheLatestClickInOrder() {
    Vertx vertx = Vertx.vertx();
    Context context = vertx.getOrCreateContext();
    List<String> heard = new CopyOnWriteArrayList<>();
    audience.useContext(context);
    audience.follow(
        "mine",
        uid,
        new Follower() {
          @Override
          public void hear(News news) {
            heard.add(news.kind() + " " + news.version());
          }

          @Override
          public void end() {}
        });

    context.runOnContext(
        on -> {
          audience.tell(new News("mine", uid, News.Kind.PROGRESS, 1, "{}"));
          audience.tell(new News("mine", uid, News.Kind.CLICK, 2, "{}"));
          audience.tell(new News("mine", uid, News.Kind.PROGRESS, 3, "{}"));
        });

    await().untilAsserted(() -> assertThat(heard).containsExactly("CLICK 2", "PROGRESS 3"));
    vertx.close().await();
  }
}
