package io.bgfetch.message;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.UUID;

/** What every worker hears, on the control topic. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ControlMessage.Cancel.class, name = "cancel"),
  @JsonSubTypes.Type(value = ControlMessage.Pause.class, name = "pause"),
  @JsonSubTypes.Type(value = ControlMessage.Granted.class, name = "granted"),
  @JsonSubTypes.Type(value = ControlMessage.Drop.class, name = "drop"),
  @JsonSubTypes.Type(value = ControlMessage.Blocked.class, name = "blocked")
})
public sealed interface ControlMessage {

  /** The registration has ended: cut what runs of it, start nothing more. */
  record Cancel(UUID uid) implements ControlMessage {}

  /** Give back every job of the registration that is older than this version. */
  record Pause(UUID uid, long version) implements ControlMessage {}

  /**
   * The task may send its first byte.
   *
   * @param at when it was granted: milliseconds since the epoch by Postgres's clock
   */
  record Granted(Task task, long at) implements ControlMessage {}

  /** The task is not current any more: forget it, say nothing. */
  record Drop(Task task) implements ControlMessage {}

  /** These hosts are to be left alone: nothing new is sent to them. */
  record Blocked(List<Block> hosts) implements ControlMessage {
    public Blocked {
      hosts = List.copyOf(hosts);
    }
  }

  /**
   * One host that is left alone.
   *
   * @param host {@code host:port}
   * @param until milliseconds since the epoch by Postgres's clock
   */
  record Block(String host, long until) {}
}
