package io.bgfetch.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Rows under a heading, in columns as wide as their contents. Rows are held back until there are
 * enough to know the widths by, so a table of any length needs little memory.
 */
final class Table {
  private static final int HELD_BACK = 1000;
  private static final String GAP = "  ";

  private final PrintStream out;
  private final Terminal terminal;
  private final Set<String> rightAligned;
  private final List<String> heading;
  private final int[] widths;
  private final List<List<Cell>> rows = new ArrayList<>();
  private boolean begun;

  /** A text and how it looks. */
  record Cell(String text, Colour colour) {
    static Cell of(String text) {
      return new Cell(text, Colour.PLAIN);
    }

    static Cell of(long number) {
      return of(Long.toString(number));
    }
  }

  Table(PrintStream out, Terminal terminal, Set<String> rightAligned, String... heading) {
    this.out = out;
    this.terminal = terminal;
    this.rightAligned = rightAligned;
    this.heading = List.of(heading);
    this.widths = this.heading.stream().mapToInt(String::length).toArray();
  }

  /**
   * Adds a row.
   *
   * @return false when nobody reads the output any more
   */
  boolean row(Cell... cells) {
    rows.add(List.of(cells));
    return rows.size() < HELD_BACK || flush();
  }

  /** Writes what was held back; the heading too, even of a table without rows. */
  boolean flush() {
    rows.forEach(this::widen);
    StringBuilder text = new StringBuilder();
    if (!begun) {
      begun = true;
      line(text, heading.stream().map(name -> new Cell(name, Colour.FAINT)).toList());
    }
    rows.forEach(row -> line(text, row));
    rows.clear();
    out.print(text);
    return !out.checkError();
  }

  private void widen(List<Cell> row) {
    for (int i = 0; i < row.size(); i++) {
      widths[i] = Math.max(widths[i], row.get(i).text().length());
    }
  }

  private void line(StringBuilder text, List<Cell> row) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      String padding = " ".repeat(Math.max(0, widths[i] - row.get(i).text().length()));
      String painted = row.get(i).colour().paint(row.get(i).text(), terminal);
      boolean right = rightAligned.contains(heading.get(i));
      line.append(i == 0 ? "" : GAP).append(right ? padding + painted : painted + padding);
    }
    text.append(line.toString().stripTrailing()).append(System.lineSeparator());
  }
}
