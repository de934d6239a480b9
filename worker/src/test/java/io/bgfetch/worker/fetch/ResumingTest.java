package io.bgfetch.worker.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.blob.StoredBody.Segment;
import io.bgfetch.blob.StoredBody.Segments;
import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import io.bgfetch.message.FetchEvent.OfTask;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.message.FetchEvent.Yielded;
import io.bgfetch.message.FetchJob.Resume;
import io.bgfetch.testkit.Answer;
import io.bgfetch.testkit.Origin;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An attempt that is to go on from what is stored. */
class ResumingTest {

  private static final byte[] BODY = Origin.bytes(1, 1000);

  @TempDir Path directory;
  private Origin origin;

  @BeforeEach
  void start() {
    origin = Origin.start();
    origin.on("/", Answer.asked(BODY));
  }

  @AfterEach
  void stop() {
    origin.close();
  }

  private OfTask goOn(FetchUnderTest worker, Segments stored) {
    return FetchUnderTest.ending(
        worker.begin(
            FetchRequest.get(origin.url("/")), RetryPolicy.DEFAULT, Timeouts.DEFAULT, of(stored)));
  }

  private Resume of(Segments stored) {
    RecordResponse head = new RecordResponse(origin.url("/"), false, 200, "OK", Map.of(), 1000L);
    return new Resume(head, stored);
  }

  @Test
  void goesOnBehindIt() {
    try (FetchUnderTest worker = new FetchUnderTest(directory, Map.of())) {
      Settled settled = (Settled) goOn(worker, worker.stored(Arrays.copyOf(BODY, 400)));

      assertThat(worker.read(settled.body())).isEqualTo(BODY);
      assertThat(origin.heads().getFirst().headers().get("range")).isEqualTo("bytes=400-");
    }
  }

  @Test
  void beginsAnewWhereItIsGone() {
    try (FetchUnderTest worker = new FetchUnderTest(directory, Map.of())) {
      Segments gone = new Segments(List.of(new Segment(UUID.randomUUID() + "/0/1-t/0", 400)));

      Settled settled = (Settled) goOn(worker, gone);

      assertThat(worker.read(settled.body())).isEqualTo(BODY);
      assertThat(origin.heads().getFirst().headers().get("range")).isNull();
    }
  }

  @Test
  void isGivenBackWithItWhereTheStoreDoesNotGiveItNow() {
    try (FetchUnderTest worker =
        new FetchUnderTest(directory, Map.of(), store -> FailingReads.after(0, store))) {
      Segments stored = worker.stored(Arrays.copyOf(BODY, 400));

      Yielded back = (Yielded) goOn(worker, stored);

      assertThat(back.kept()).isEqualTo(of(stored));
      assertThat(origin.heads()).isEmpty();
    }
  }
}
