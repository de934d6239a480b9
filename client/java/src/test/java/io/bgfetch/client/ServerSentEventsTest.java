package io.bgfetch.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerSentEventsTest {
  @Test
  void readsTypeIdAndData() throws IOException {
    assertThat(read("event: progress\nid: u:1\ndata: {}\n\n"))
        .containsExactly(new ServerSentEvent("progress", "u:1", "{}"));
  }

  @Test
  void joinsLinesOfData() throws IOException {
    assertThat(read("data: a\ndata:\ndata:  b\n\n"))
        .containsExactly(new ServerSentEvent("message", null, "a\n\n b"));
  }

  @Test
  void takesEveryLineEnd() throws IOException {
    assertThat(read("data: a\r\n\r\ndata: b\r\rdata: c\n\n"))
        .extracting(ServerSentEvent::data)
        .containsExactly("a", "b", "c");
  }

  @Test
  void skipsCommentsAndEventsWithoutData() throws IOException {
    assertThat(read(": still here\n\nevent: empty\n\nretry: 10\nwhatever\ndata: x\n\n"))
        .containsExactly(new ServerSentEvent("message", null, "x"));
  }

  @Test
  void keepsTheIdOfEarlierEvents() throws IOException {
    assertThat(read("id: 1\ndata: a\n\ndata: b\n\n"))
        .extracting(ServerSentEvent::lastEventId)
        .containsExactly("1", "1");
  }

  @Test
  void dropsAnEventThatIsCut() throws IOException {
    assertThat(read("data: a\n\ndata: half")).hasSize(1);
    assertThat(read("data: a\n")).isEmpty();
  }

  @Test
  void readsUtf8() throws IOException {
    assertThat(read("data: \u00fc\uD83D\uDE00\n\n").get(0).data()).isEqualTo("\u00fc\uD83D\uDE00");
  }

  private static List<ServerSentEvent> read(String text) throws IOException {
    List<ServerSentEvent> events = new ArrayList<>();
    try (var in =
        new ServerSentEvents(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))) {
      for (ServerSentEvent event = in.next(); event != null; event = in.next()) {
        events.add(event);
      }
    }
    return events;
  }
}
