package io.bgfetch.worker.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchEvent.Progress;
import io.bgfetch.message.FetchEvent.Report;
import io.bgfetch.message.MessageCodec;
import io.bgfetch.message.Task;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReportsTest {

  private final Map<Integer, List<Report>> sent = new HashMap<>();
  private final Map<Integer, List<Progress>> tasks = new HashMap<>();
  private long now = 5_000;
  private long downloaded;
  private final Reports reports =
      new Reports("w", new Sent(), () -> tasks, () -> downloaded, () -> Instant.ofEpochMilli(now));

  private static List<Progress> progress(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new Progress(
                    new Task(UUID.randomUUID(), Integer.MAX_VALUE, 1_000_000, "3w5e11264sgsf"),
                    true,
                    Long.MAX_VALUE,
                    Long.MAX_VALUE,
                    Long.MAX_VALUE))
        .toList();
  }

  @Test
  void goToEveryShardOfWhichSomethingIsHeldAndToNoOther() {
    tasks.put(1, progress(2));
    tasks.put(4, progress(1));
    reports.send();

    assertThat(sent).containsOnlyKeys(1, 4);
    assertThat(sent.get(1).getFirst().tasks()).hasSize(2);
    assertThat(sent.get(1).getFirst().startedAt()).isEqualTo(5_000);
  }

  @Test
  void areCutSoThatNoMessageIsTooLong() {
    tasks.put(0, progress(2_500));
    reports.send();

    assertThat(sent.get(0)).extracting(r -> r.tasks().size()).containsExactly(1_000, 1_000, 500);
    assertThat(new MessageCodec().encode(sent.get(0).getFirst()).length)
        .isLessThan(MessageCodec.MAX_MESSAGE);
  }

  @Test
  void tellTheSpeedSinceTheLast() {
    tasks.put(0, progress(1));
    now += 500;
    downloaded = 1_000;
    reports.send();
    now += 500;
    reports.send();

    assertThat(sent.get(0)).extracting(Report::bytesPerSecond).containsExactly(2_000L, 0L);
  }

  private final class Sent implements News {
    @Override
    public void tell(int shard, FetchEvent event) {
      sent.computeIfAbsent(shard, s -> new ArrayList<>()).add((Report) event);
    }

    @Override
    public Future<Void> deliver(int shard, FetchEvent.OfTask last) {
      throw new AssertionError("a report ends nothing");
    }
  }
}
