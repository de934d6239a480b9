package io.bgfetch.cli;

import io.bgfetch.client.RegistrationState;
import java.io.PrintStream;

/**
 * Shows people how one fetch gets on: fed with its states, the last of which is that of its end. On
 * a terminal it is a bar, redrawn in place at most ten times a second; elsewhere a line every few
 * seconds. Both end with one line that says how it went. Safe for use by many threads.
 */
public sealed interface ProgressView extends AutoCloseable permits ProgressBar, ProgressLines {

  /** The view that fits the terminal. */
  static ProgressView on(PrintStream out, Terminal terminal) {
    return terminal.interactive()
        ? ProgressBar.live(out, terminal)
        : new ProgressLines(out, terminal, System::nanoTime);
  }

  /** Shows the state; the end of the fetch at once, everything else when it is time. */
  void show(RegistrationState state);

  /** Leaves the terminal in order; shows nothing more. */
  @Override
  void close();
}
