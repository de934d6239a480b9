package io.bgfetch.worker.fetch;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a response says about its place in the whole body (RFC 9110, section 14.4), in bytes. */
sealed interface ContentRange {

  /** More digits than these do not fit a long, and no body is that long. */
  Pattern PART = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

  Pattern WHOLE = Pattern.compile("bytes \\*/(\\d{1,18})");

  /**
   * A part of the body.
   *
   * @param last the last byte of it, counted from 0
   * @param complete the length of the whole body, null where the origin does not know it
   */
  record Part(long first, long last, @Nullable Long complete) implements ContentRange {

    long length() {
      return last - first + 1;
    }

    private boolean valid() {
      return first <= last && (complete == null || last < complete);
    }
  }

  /** Nothing of a body that is this long. */
  record Nothing(long complete) implements ContentRange {}

  /** Reads the header's values; null where they are not exactly one valid range of bytes. */
  static @Nullable ContentRange parse(List<String> values) {
    if (values.size() != 1) {
      return null;
    }
    String value = values.getFirst().strip().toLowerCase(Locale.ROOT);
    Matcher whole = WHOLE.matcher(value);
    if (whole.matches()) {
      return new Nothing(Long.parseLong(whole.group(1)));
    }
    Matcher part = PART.matcher(value);
    return part.matches() ? part(part) : null;
  }

  private static @Nullable Part part(Matcher fields) {
    String complete = fields.group(3);
    Part part =
        new Part(
            Long.parseLong(fields.group(1)),
            Long.parseLong(fields.group(2)),
            complete.equals("*") ? null : Long.valueOf(complete));
    return part.valid() ? part : null;
  }
}
