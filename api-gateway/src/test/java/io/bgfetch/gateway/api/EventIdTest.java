package io.bgfetch.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventIdTest {

  private final UUID uid = UUID.randomUUID();

  @Test
  void readsWhatItWrote() {
    EventId id = new EventId(uid, 17, 1_769_860_800_017L);

    assertThat(EventId.parse(id.ofAll())).contains(id);
    assertThat(EventId.parse(id.ofOne())).contains(new EventId(uid, 17, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "x:1", "a:b:c:d", "::", "00000000-0000-0000-0000-000000000000:x"})
  void passesOverWhatIsNone(String text) {
    assertThat(EventId.parse(text)).isEmpty();
  }
}
