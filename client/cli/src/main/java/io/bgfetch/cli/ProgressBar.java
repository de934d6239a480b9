package io.bgfetch.cli;

import io.bgfetch.client.RegistrationState;
import java.io.PrintStream;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A bar that is redrawn in one line. It goes on between news, so that a rate falls when it does.
 */
final class ProgressBar implements ProgressView {
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final long MEASURE_NANOS = 2_000_000_000L;
  private static final long TICK_MILLIS = 200;
  private static final String LINE_START = "\r";
  private static final String CLEAR_TO_END = "\u001b[K";

  private final PrintStream out;
  private final Terminal terminal;
  private final LongSupplier nanoTime;
  private final ProgressLine line;
  private final RateMeter bytes = new RateMeter();
  private final RateMeter records = new RateMeter();

  private @Nullable ScheduledExecutorService ticker;
  private @Nullable RegistrationState state;
  private long drawnAt;
  private long measuredAt;
  private int columns;
  private boolean drawn;
  private boolean closed;

  ProgressBar(PrintStream out, Terminal terminal, LongSupplier nanoTime) {
    this.out = out;
    this.terminal = terminal;
    this.nanoTime = nanoTime;
    this.line = new ProgressLine(terminal);
  }

  /** A bar with its own thread to redraw it, until it is closed. */
  static ProgressBar live(PrintStream out, Terminal terminal) {
    ProgressBar bar = new ProgressBar(out, terminal, System::nanoTime);
    ScheduledExecutorService ticker =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "progress");
              thread.setDaemon(true);
              return thread;
            });
    var unused =
        ticker.scheduleWithFixedDelay(bar::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    bar.ticker = ticker;
    return bar;
  }

  @Override
  public synchronized void show(RegistrationState newState) {
    if (closed) {
      return;
    }
    state = newState;
    if (newState.active()) {
      draw(newState);
    } else {
      clear();
      out.println(new Ending(terminal).describe(newState));
      out.flush();
      close();
    }
  }

  /** Redraws when there is something new to say: the rate falls without news, too. */
  synchronized void tick() {
    if (!closed && state != null) {
      draw(state);
    }
  }

  private void draw(RegistrationState shown) {
    long now = nanoTime.getAsLong();
    bytes.note(now, ProgressLine.moved(shown));
    records.note(now, shown.records().settled());
    if (drawn && now - drawnAt < REDRAW_NANOS) {
      return;
    }
    // one column stays free: a full line would wrap on some terminals
    String text =
        line.render(shown, bytes.perSecond(), records.perSecond(), Math.max(4, columns(now) - 1));
    out.print(LINE_START + text + CLEAR_TO_END);
    out.flush();
    drawn = true;
    drawnAt = now;
  }

  /** The width, asked for now and then: windows are resized. */
  private int columns(long now) {
    if (columns == 0 || now - measuredAt > MEASURE_NANOS) {
      columns = terminal.columns().getAsInt();
      measuredAt = now;
    }
    return columns;
  }

  private void clear() {
    if (drawn) {
      out.print(LINE_START + CLEAR_TO_END);
      drawn = false;
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (drawn) {
      out.println();
      out.flush();
    }
    if (ticker != null) {
      ticker.shutdownNow();
    }
  }
}
