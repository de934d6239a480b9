package io.bgfetch.backends;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** How the embedded broker differs from Kafka's defaults, which are made for clusters. */
final class BrokerSettings {
  static final int NODE = 1;
  static final String CONTROLLER = "CONTROLLER";

  private static final String BROKER = "BROKER";
  private static final long MIB = 1 << 20;

  private BrokerSettings() {}

  static Map<String, String> of(Path data, int port, int controllerPort) {
    Map<String, String> settings = new HashMap<>();
    settings.putAll(node(data, "%s:%d".formatted(LoopbackPort.HOST, controllerPort), port));
    settings.putAll(oneReplica());
    settings.putAll(soonThere());
    settings.putAll(littleSpace());
    return settings;
  }

  private static Map<String, String> node(Path data, String controller, int port) {
    return Map.of(
        "process.roles",
        "broker,controller",
        "node.id",
        Integer.toString(NODE),
        "controller.quorum.voters",
        NODE + "@" + controller,
        "controller.listener.names",
        CONTROLLER,
        "inter.broker.listener.name",
        BROKER,
        "listeners",
        "%s://%s:%d,%s://%s".formatted(BROKER, LoopbackPort.HOST, port, CONTROLLER, controller),
        "listener.security.protocol.map",
        "%s:PLAINTEXT,%s:PLAINTEXT".formatted(BROKER, CONTROLLER),
        "log.dirs",
        data.toString(),
        "auto.create.topics.enable",
        "false");
  }

  private static Map<String, String> oneReplica() {
    return Map.of(
        "offsets.topic.replication.factor", "1",
        "offsets.topic.num.partitions", "8",
        "transaction.state.log.replication.factor", "1",
        "transaction.state.log.min.isr", "1",
        "transaction.state.log.num.partitions", "8",
        "share.coordinator.state.topic.replication.factor", "1",
        "share.coordinator.state.topic.min.isr", "1",
        "share.coordinator.state.topic.num.partitions", "1");
  }

  /**
   * After a kill the controller remembers the broker as alive and lets it in again only when its
   * session is over; a consumer group waits for members that do not come.
   */
  private static Map<String, String> soonThere() {
    return Map.of(
        "broker.session.timeout.ms", "3000",
        "broker.heartbeat.interval.ms", "500",
        "group.initial.rebalance.delay.ms", "0",
        "group.min.session.timeout.ms", "1000");
  }

  /** Bounds for threads, memory and disk that suit one machine with other things to do. */
  private static Map<String, String> littleSpace() {
    return Map.of(
        "num.network.threads", "2",
        "num.io.threads", "4",
        "background.threads", "2",
        "log.cleaner.dedupe.buffer.size", Long.toString(4 * MIB),
        "log.segment.bytes", Long.toString(32 * MIB),
        "log.index.size.max.bytes", Long.toString(MIB),
        "log.retention.hours", "24",
        "log.retention.bytes", Long.toString(512 * MIB),
        "log.retention.check.interval.ms", "60000",
        "metadata.max.idle.interval.ms", "5000");
  }
}
