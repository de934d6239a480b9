package io.bgfetch.cli;

import io.bgfetch.client.RegistrationState;
import java.time.Duration;

/** The one line that says how a fetch went. */
final class Ending {
  private final Terminal terminal;

  Ending(Terminal terminal) {
    this.terminal = terminal;
  }

  String describe(RegistrationState state) {
    boolean success = state.result().equals("success");
    Colour colour = success ? Colour.GOOD : Colour.BAD;
    return colour.paint(mark(success), terminal)
        + ForeignText.clean(state.id())
        + ": "
        + colour.paint(result(state), terminal)
        + ", "
        + records(state)
        + ", "
        + Quantity.bytes(state.downloaded())
        + time(state);
  }

  private String mark(boolean success) {
    if (!terminal.interactive() || !terminal.unicode()) {
      return "";
    }
    return success ? "✔ " : "✘ ";
  }

  static String result(RegistrationState state) {
    if (state.active()) {
      return state.paused() ? "paused" : "active";
    }
    return state.failureReason().isEmpty()
        ? state.result()
        : state.result() + " (" + state.failureReason() + ")";
  }

  private static String records(RegistrationState state) {
    var counts = state.records();
    return counts.failed() == 0
        ? Quantity.count(counts.total(), "record")
        : counts.succeeded() + " of " + Quantity.count(counts.total(), "record") + " succeeded";
  }

  private static String time(RegistrationState state) {
    if (state.createdAt() == null || state.endedAt() == null) {
      return "";
    }
    Duration took = Duration.between(state.createdAt(), state.endedAt());
    if (took.isNegative()) {
      return "";
    }
    double perSecond = state.downloaded() * 1000.0 / Math.max(1, took.toMillis());
    String rate = " (" + Quantity.bytes(Math.round(perSecond)) + "/s)";
    return " in " + Quantity.duration(took) + (state.downloaded() > 0 ? rate : "");
  }
}
