package io.bgfetch.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {
  @TempDir static Path directory;
  private static EmbeddedKafka kafka;

  @BeforeAll
  static void startOnAnEmptyDirectory() {
    kafka = EmbeddedKafka.start(directory, OptionalInt.empty());
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void keepsWhatItAcknowledged() throws Exception {
    Topic topic = new Topic(kafka.bootstrapServers(), "kept");
    topic.create();
    topic.append("value");

    assertThat(topic.readWithAGroup()).isEqualTo("value");
  }

  @Test
  void makesNoTopicByItself() {
    assertThatThrownBy(() -> new Topic(kafka.bootstrapServers(), "misspelt").describe())
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
  }

  @Test
  void listensOnLoopbackOnly() throws IOException {
    int controller = Integer.parseInt(Files.readString(directory.resolve("controller-port")));

    assertThat(Listening.at(kafka.port())).containsExactly("127.0.0.1");
    assertThat(Listening.at(controller)).containsExactly("127.0.0.1");
  }

  @Test
  void letsNobodyElseUseItsDirectory() {
    assertThatThrownBy(() -> EmbeddedKafka.start(directory, OptionalInt.empty()))
        .isInstanceOf(BackendsException.class)
        .hasMessageContaining("in use by another bgfetch");
  }

  @Test
  void namesTheTakenPort(@TempDir Path other) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> EmbeddedKafka.start(other, OptionalInt.of(taken.getLocalPort())))
          .isInstanceOf(BackendsException.class)
          .hasMessageContainingAll("kafka-port", Integer.toString(taken.getLocalPort()));
    }
  }

  @Test
  void runsBesideAnotherOfTheSameJvm(@TempDir Path other) throws Exception {
    try (EmbeddedKafka second = EmbeddedKafka.start(other, OptionalInt.empty())) {
      Topic topic = new Topic(second.bootstrapServers(), "elsewhere");
      topic.create();
      topic.append("value");

      assertThat(topic.readWithAGroup()).isEqualTo("value");
    }
  }
}
