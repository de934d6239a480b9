package io.bgfetch.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.message.ControlMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ControlIntakeTest {

  @Test
  void carriesOutTheOrdersBehindOneThatFails() {
    ControlMessage bad = new ControlMessage.Cancel(UUID.randomUUID());
    ControlMessage good = new ControlMessage.Cancel(UUID.randomUUID());
    List<ControlMessage> carriedOut = new ArrayList<>();

    ControlIntake.carryOut(
        List.of(bad, good),
        order -> {
          if (order.equals(bad)) {
            throw new IllegalStateException("not this one");
          }
          carriedOut.add(order);
        });

    assertThat(carriedOut).containsExactly(good);
  }
}
