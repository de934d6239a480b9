package io.bgfetch.cli;

import io.bgfetch.client.RegistrationState;
import java.io.PrintStream;
import java.util.function.LongSupplier;

/** Progress for logs and pipes: a line now and then, as long as something moves. */
final class ProgressLines implements ProgressView {
  private static final long PAUSE_NANOS = 2_000_000_000L;

  private final PrintStream out;
  private final Terminal terminal;
  private final LongSupplier nanoTime;
  private final RateMeter bytes = new RateMeter();

  private String last = "";
  private long printedAt;
  private boolean closed;

  ProgressLines(PrintStream out, Terminal terminal, LongSupplier nanoTime) {
    this.out = out;
    this.terminal = terminal;
    this.nanoTime = nanoTime;
  }

  @Override
  public synchronized void show(RegistrationState state) {
    if (closed) {
      return;
    }
    long now = nanoTime.getAsLong();
    bytes.note(now, ProgressLine.moved(state));
    if (!state.active()) {
      print(new Ending(terminal).describe(state));
      closed = true;
    } else if (last.isEmpty() || now - printedAt >= PAUSE_NANOS) {
      String line = line(state);
      if (!line.equals(last)) {
        print(line + rate(bytes.perSecond()));
      }
      last = line;
      printedAt = now;
    }
  }

  private void print(String line) {
    out.println(line);
    out.flush();
  }

  private static String line(RegistrationState state) {
    var counts = state.records();
    return ForeignText.clean(state.id())
        + ": "
        + counts.settled()
        + "/"
        + Quantity.count(counts.total(), "record")
        + (counts.failed() > 0 ? ", " + counts.failed() + " failed" : "")
        + ", "
        + ProgressLine.bytes(state)
        + (state.paused() ? ", paused" : "");
  }

  private static String rate(double perSecond) {
    return perSecond > 0 ? ", " + Quantity.bytes(Math.round(perSecond)) + "/s" : "";
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
