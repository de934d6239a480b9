package io.bgfetch.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageCodecTest {

  private static final Task TASK = new Task(UUID.randomUUID(), 3, 2, "token");
  private static final RecordResponse HEAD =
      new RecordResponse("http://example.com/", true, 200, "OK", Map.of("a", "b"), 9L);
  private static final StoredBody.Segments SEGMENTS =
      new StoredBody.Segments(List.of(new StoredBody.Segment("a/0/1-t/0", 7)));
  private static final FetchJob.Resume RESUME = new FetchJob.Resume(HEAD, SEGMENTS);

  private final MessageCodec codec = new MessageCodec();

  @Test
  void keepsAJob() {
    FetchJob job =
        new FetchJob(
            TASK.uid(),
            3,
            2,
            1,
            "default",
            "example.com:80#1",
            5,
            6,
            FetchRequest.get("http://example.com/"),
            new RetryPolicy(5, Set.of(503), true),
            Timeouts.DEFAULT,
            Long.MAX_VALUE,
            FetchResult.QUOTA_EXCEEDED,
            11,
            RESUME);

    assertThat(codec.job(codec.encode(job))).isEqualTo(job);
  }

  static List<FetchEvent> events() {
    FetchEvent.Settled settled =
        new FetchEvent.Settled(
            "w", TASK, FetchResult.SUCCESS, null, HEAD, SEGMENTS, "digest", 7, 0);
    return List.of(
        new FetchEvent.Registered(TASK.uid()),
        new FetchEvent.Changed(TASK.uid()),
        new FetchEvent.Tick("owner"),
        new FetchEvent.Alive("w", 1, 2, 3),
        new FetchEvent.Report("w", 1, 2, List.of(new FetchEvent.Progress(TASK, true, 3, 4, 5))),
        new FetchEvent.Asked("w", TASK),
        new FetchEvent.Refused("w", TASK, "a.example:443", 429, 3_000L, 7),
        new FetchEvent.Refused("w", TASK, "a.example:443", 503, null, 8),
        new FetchEvent.ResponseReady("w", TASK, HEAD),
        new FetchEvent.SegmentStored("w", TASK, HEAD, SEGMENTS),
        settled,
        new FetchEvent.Broke("w", TASK, "status 503", null, false, 7_000L, 0, 12, settled),
        new FetchEvent.Broke("w", TASK, "reset", RESUME, true, null, 0, 12, null),
        new FetchEvent.Yielded("w", TASK, "stops", null, 3, 12),
        new FetchEvent.Yielded("w", TASK, "paused", RESUME, 3, 12),
        new FetchEvent.Yielded("w", TASK, "its host is blocked", null, 0, 0, 13L));
  }

  @ParameterizedTest
  @MethodSource("events")
  void keepsAnEvent(FetchEvent event) {
    assertThat(codec.event(codec.encode(event))).isEqualTo(event);
  }

  @Test
  void putsASmallBodyBesideTheJson() {
    byte[] body = {1, 2, 3};
    FetchEvent.Settled settled =
        new FetchEvent.Settled(
            "w",
            TASK,
            FetchResult.SUCCESS,
            null,
            HEAD,
            new StoredBody.Inline(body),
            "digest",
            3,
            0);

    EventMessage message = codec.message(settled);

    assertThat(new String(message.json(), StandardCharsets.UTF_8)).doesNotContain("\"body\":");
    assertThat(message.body()).isEqualTo(body);
    assertThat(codec.event(message)).usingRecursiveComparison().isEqualTo(settled);
  }

  @ParameterizedTest
  @MethodSource("events")
  void keepsAMessage(FetchEvent event) {
    assertThat(codec.event(codec.message(event))).usingRecursiveComparison().isEqualTo(event);
  }

  static List<ControlMessage> orders() {
    return List.of(
        new ControlMessage.Cancel(TASK.uid()),
        new ControlMessage.Pause(TASK.uid(), 8),
        new ControlMessage.Granted(TASK, 9),
        new ControlMessage.Drop(TASK),
        new ControlMessage.Blocked(List.of(new ControlMessage.Block("a.example:80", 11))));
  }

  @ParameterizedTest
  @MethodSource("orders")
  void keepsAnOrder(ControlMessage order) {
    assertThat(codec.control(codec.encode(order))).isEqualTo(order);
  }

  @Test
  void writesWhatARecordHoldsAndNotWhatItCanSay() {
    String json =
        new String(
            codec.encode(new FetchEvent.ResponseReady("w", TASK, HEAD)), StandardCharsets.UTF_8);

    assertThat(json).contains("\"status\":200").doesNotContain("\"ok\"");
  }

  @Test
  void ignoresWhatItDoesNotKnow() {
    byte[] newer =
        ("{\"type\":\"cancel\",\"uid\":\"" + TASK.uid() + "\",\"more\":1}")
            .getBytes(StandardCharsets.UTF_8);

    assertThat(codec.control(newer)).isEqualTo(new ControlMessage.Cancel(TASK.uid()));
  }
}
