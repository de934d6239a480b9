package io.bgfetch.worker.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchEvent.Alive;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignsOfLifeTest {

  private final List<FetchEvent> sent = new ArrayList<>();
  private long now = 5_000;
  private int running;
  private long downloaded = 100;
  private final SignsOfLife signs =
      new SignsOfLife(
          "w", new FirstShard(), () -> running, () -> downloaded, () -> Instant.ofEpochMilli(now));

  @Test
  void areSentByAWorkerThatHasNothingToDo() {
    now += 1_000;
    signs.send();

    assertThat(sent).containsExactly(new Alive("w", 5_000, 0, 0));
  }

  @Test
  void tellWhatRunsAndHowFastBodiesComeSinceTheLast() {
    running = 3;
    now += 1_000;
    downloaded += 2_000;
    signs.send();
    now += 2_000;
    downloaded += 1_000;
    signs.send();

    assertThat(sent)
        .containsExactly(new Alive("w", 5_000, 3, 2_000), new Alive("w", 5_000, 3, 500));
  }

  private final class FirstShard implements News {
    @Override
    public void tell(int shard, FetchEvent event) {
      assertThat(shard).isZero();
      sent.add(event);
    }

    @Override
    public Future<Void> deliver(int shard, FetchEvent.OfTask last) {
      throw new AssertionError("a sign of life ends nothing");
    }
  }
}
