package io.bgfetch.gateway.news;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
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

  @Test
  void takesTurnsWithWhatElseThereIsToDoWhereManyFollowMuch() {
    Vertx vertx = Vertx.vertx();
    Context context = vertx.getOrCreateContext();
    List<Long> heard = new CopyOnWriteArrayList<>();
    AtomicInteger heardBefore = new AtomicInteger();
    audience.useContext(context);
    for (int n = 0; n < 1_000; n++) {
      audience.followAll("mine", hearing(n == 0 ? heard::add : version -> {}));
    }

    context.runOnContext(
        on -> {
          for (int version = 1; version <= 100; version++) {
            audience.tell(
                new News("mine", new UUID(0, version), News.Kind.PROGRESS, version, "{}"));
          }
          vertx.setTimer(1, other -> heardBefore.set(heard.size()));
        });

    await().untilAsserted(() -> assertThat(heard).hasSize(100).isSorted());
    await().untilAsserted(() -> assertThat(audience.heardAll()).isTrue());
    assertThat(heardBefore).hasValueBetween(1, 99);
    vertx.close().await();
  }

  private static Follower hearing(Consumer<Long> versions) {
    return new Follower() {
      @Override
      public void hear(News news) {
        versions.accept(news.version());
      }

      @Override
      public void end() {}
    };
  }
}
