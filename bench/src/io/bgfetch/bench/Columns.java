package io.bgfetch.bench;

import java.util.ArrayList;
import java.util.List;

/** Tables of Markdown with their columns made equally wide, for people who read the source. */
final class Columns {

  private Columns() {}

  static String aligned(String markdown) {
    List<String> out = new ArrayList<>();
    List<String[]> table = new ArrayList<>();
    for (String line : (markdown + "\n").split("\n", -1)) {
      if (line.startsWith("|")) {
        table.add(line.substring(1, line.length() - 1).split("(?<!\\\\)\\|", -1));
      } else {
        flush(table, out);
        out.add(line);
      }
    }
    return String.join("\n", out).strip();
  }

  private static void flush(List<String[]> table, List<String> out) {
    if (table.isEmpty()) {
      return;
    }
    int[] widths = new int[table.getFirst().length];
    for (String[] cells : table) {
      for (int i = 0; i < cells.length; i++) {
        widths[i] = Math.max(widths[i], cells[i].strip().length());
      }
    }
    for (String[] cells : table) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < cells.length; i++) {
        String cell = cells[i].strip();
        String fill = cell.startsWith("---") ? "-" : " ";
        line.append(cell).append(fill.repeat(widths[i] - cell.length())).append("  ");
      }
      out.add(line.toString().stripTrailing());
    }
    table.clear();
  }
}
