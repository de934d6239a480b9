package io.bgfetch.cli;

import io.bgfetch.client.RegistrationState;
import io.bgfetch.client.RegistrationState.RecordCounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line that shows how far a fetch is: share, bar, records, bytes, rate, time left. It is never
 * wider than it may be: what matters least goes first, and the bar takes what is left.
 */
final class ProgressLine {
  private static final int LEAST_BAR = 8;
  private static final int WIDEST_BAR = 40;
  private static final String GAP = "  ";

  /** A part of the line: the higher its rank, the sooner it is left out. */
  private record Part(int rank, String text, Colour colour) {}

  private final Terminal terminal;

  ProgressLine(Terminal terminal) {
    this.terminal = terminal;
  }

  /**
   * The line.
   *
   * @param bytesPerSecond the present rate
   * @param recordsPerSecond the same in records, for the time left where no bytes were declared
   * @param columns what the line may take at most
   */
  String render(
      RegistrationState state, double bytesPerSecond, double recordsPerSecond, int columns) {
    double share = share(state);
    List<Part> parts = new ArrayList<>();
    parts.add(new Part(0, records(state.records()), Colour.PLAIN));
    if (state.records().failed() > 0) {
      parts.add(new Part(1, state.records().failed() + " failed", Colour.BAD));
    }
    parts.add(new Part(2, pad(bytes(state), state.downloadTotal() > 0 ? 21 : 10), Colour.PLAIN));
    parts.add(new Part(3, pad(rate(state, bytesPerSecond), 12), Colour.ACTIVE));
    parts.add(new Part(4, left(state, bytesPerSecond, recordsPerSecond), Colour.FAINT));

    String percent = pad((int) (share * 100) + "%", 4);
    while (!parts.isEmpty() && percent.length() + width(parts) + 1 + LEAST_BAR > columns) {
      parts.remove(parts.stream().max(Comparator.comparingInt(Part::rank)).orElseThrow());
    }
    int bar = Math.min(WIDEST_BAR, columns - percent.length() - 1 - width(parts));
    StringBuilder line = new StringBuilder(percent.substring(0, Math.min(4, columns)));
    if (bar >= LEAST_BAR) {
      line.append(' ').append(bar(share, bar));
    }
    parts.forEach(part -> line.append(GAP).append(part.colour().paint(part.text(), terminal)));
    return line.toString().stripTrailing();
  }

  /** By bytes where their number was declared, else by records; whole only at the end. */
  static double share(RegistrationState state) {
    if (!state.active()) {
      return 1;
    }
    RecordCounts records = state.records();
    double share =
        state.downloadTotal() > 0
            ? (double) state.downloaded() / state.downloadTotal()
            : records.total() > 0 ? (double) records.settled() / records.total() : 0;
    return Math.max(0, Math.min(0.99, share));
  }

  /** What came, or what went as long as nothing comes. */
  static String bytes(RegistrationState state) {
    if (state.downloaded() == 0 && state.uploaded() < state.uploadTotal()) {
      return "sent " + Quantity.bytes(state.uploaded()) + "/" + Quantity.bytes(state.uploadTotal());
    }
    String downloaded = Quantity.bytes(state.downloaded());
    return state.downloadTotal() > 0
        ? downloaded + "/" + Quantity.bytes(state.downloadTotal())
        : downloaded;
  }

  /** All bytes so far, in both directions: what a rate is measured of. */
  static long moved(RegistrationState state) {
    return state.uploaded() + state.downloaded();
  }

  private static String records(RecordCounts counts) {
    String total = Long.toString(counts.total());
    return pad(Long.toString(counts.settled()), total.length()) + "/" + total;
  }

  private static String rate(RegistrationState state, double bytesPerSecond) {
    return state.paused() ? "paused" : Quantity.bytes(Math.round(bytesPerSecond)) + "/s";
  }

  private static String left(RegistrationState state, double bytes, double records) {
    Duration left = timeLeft(state, bytes, records);
    return left == null ? "" : Quantity.clock(left) + " left";
  }

  private static @Nullable Duration timeLeft(
      RegistrationState state, double bytesPerSecond, double recordsPerSecond) {
    boolean byBytes = state.downloadTotal() > 0;
    long rest =
        byBytes
            ? state.downloadTotal() - state.downloaded()
            : state.records().total() - state.records().settled();
    double rate = byBytes ? bytesPerSecond : recordsPerSecond;
    return rate <= 0 || rest <= 0 || rest / rate > 1e6
        ? null
        : Duration.ofSeconds((long) Math.ceil(rest / rate));
  }

  private String bar(double share, int width) {
    int done = (int) (share * width);
    String full = terminal.unicode() ? "━" : "#";
    String empty = terminal.unicode() ? terminal.colour() ? "━" : "─" : "-";
    return Colour.GOOD.paint(full.repeat(done), terminal)
        + Colour.FAINT.paint(empty.repeat(width - done), terminal);
  }

  private static int width(List<Part> parts) {
    return parts.stream().mapToInt(part -> GAP.length() + part.text().length()).sum();
  }

  private static String pad(String text, int width) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }
}
