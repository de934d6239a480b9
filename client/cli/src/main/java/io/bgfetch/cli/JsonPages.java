package io.bgfetch.cli;

import io.bgfetch.client.Listing;
import io.bgfetch.client.Page;
import java.io.PrintStream;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Prints a list as the one page that the API would answer with if pages had no limit. */
final class JsonPages<T> {
  private final PrintStream out;
  private final String member;
  private final Function<T, String> json;

  JsonPages(PrintStream out, String member, Function<T, String> json) {
    this.out = out;
    this.member = member;
    this.json = json;
  }

  /** Prints at most so many, each on a line of its own; {@code next} leads to the rest. */
  void print(Listing<T> listing, long limit) {
    out.print("{\"" + member + "\":[");
    String separator = System.lineSeparator();
    String cursor = null;
    long left = limit;
    do {
      Page<T> page = listing.page((int) Math.min(left, Listing.MAX_LIMIT), cursor);
      for (T item : page.items()) {
        out.print(separator + json.apply(item));
        separator = "," + System.lineSeparator();
      }
      left -= page.items().size();
      cursor = page.next();
    } while (cursor != null && left > 0 && !out.checkError());
    out.println("],\"next\":" + quoted(cursor) + "}");
  }

  /** Cursors are opaque, and a gateway's own: but for the letters that they have all is escaped. */
  private static String quoted(@Nullable String cursor) {
    if (cursor == null) {
      return "null";
    }
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : cursor.toCharArray()) {
      boolean plain = c >= ' ' && c <= '~' && c != '"' && c != '\\';
      quoted.append(plain ? String.valueOf(c) : "\\u%04x".formatted((int) c));
    }
    return quoted.append('"').toString();
  }
}
