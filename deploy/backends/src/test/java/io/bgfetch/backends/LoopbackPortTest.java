package io.bgfetch.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoopbackPortTest {
  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void nothingIsRemembered() {
    file = directory.resolve("port");
  }

  @Test
  void staysTheSameWhileItIsFree() throws IOException {
    int first = LoopbackPort.choose(file, OptionalInt.empty(), "a-port");

    assertThat(LoopbackPort.choose(file, OptionalInt.of(0), "a-port")).isEqualTo(first);
  }

  @Test
  void givesWayToWhoHasTakenItMeanwhile() throws IOException {
    int first = LoopbackPort.choose(file, OptionalInt.empty(), "a-port");

    try (ServerSocket taken = listen(first)) {
      int second = LoopbackPort.choose(file, OptionalInt.empty(), "a-port");

      assertThat(second).isPositive().isNotEqualTo(taken.getLocalPort());
      assertThat(file).hasContent(Integer.toString(second));
    }
  }

  @Test
  void isTheOneAskedForWhateverIsRemembered() throws IOException {
    int other = LoopbackPort.choose(directory.resolve("other"), OptionalInt.empty(), "a-port");
    Files.writeString(file, "1");

    assertThat(LoopbackPort.choose(file, OptionalInt.of(other), "a-port")).isEqualTo(other);
    assertThat(file).hasContent(Integer.toString(other));
  }

  @Test
  void namesSettingAndPortWhenTheOneAskedForIsTaken() throws IOException {
    try (ServerSocket taken = listen(0)) {
      assertThatThrownBy(
              () -> LoopbackPort.choose(file, OptionalInt.of(taken.getLocalPort()), "a-port"))
          .isInstanceOf(BackendsException.class)
          .hasMessage(
              "a-port: port %d of 127.0.0.1 is taken by another program", taken.getLocalPort());
    }
  }

  @Test
  void forgetsWhatACrashLeftUnreadable() throws IOException {
    Files.writeString(file, "");

    assertThat(LoopbackPort.choose(file, OptionalInt.empty(), "a-port")).isPositive();
  }

  private static ServerSocket listen(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"));
  }
}
