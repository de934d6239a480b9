package io.bgfetch.gateway.reading;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of a body's bytes, both ends included.
 *
 * @param first position of the first byte, from 0
 */
public record ByteRange(long first, long last) {

  private static final Pattern SINGLE = Pattern.compile("(?i)bytes=(\\d{0,18})-(\\d{0,18})");

  /** What a Range header means for a body of some size (RFC 9110, section 14.2). */
  public sealed interface Wanted {}

  /** There is no range that we serve: several of them, or none that can be read. */
  public record Whole() implements Wanted {}

  public record Part(ByteRange range) implements Wanted {}

  /** The range lies behind the end. */
  public record Unsatisfiable() implements Wanted {}

  /** Reads the value of a Range header. */
  public static Wanted wanted(String header, long size) {
    Matcher single = SINGLE.matcher(header.strip());
    if (!single.matches()) {
      return new Whole();
    }
    Optional<Long> first = number(single.group(1));
    Optional<Long> last = number(single.group(2));
    if (first.isPresent()) {
      return from(first.get(), last.orElse(Long.MAX_VALUE), size);
    }
    return last.<Wanted>map(count -> suffix(count, size)).orElseGet(Whole::new);
  }

  private static Wanted from(long first, long last, long size) {
    if (first > last) {
      return new Whole();
    }
    return first >= size
        ? new Unsatisfiable()
        : new Part(new ByteRange(first, Math.min(last, size - 1)));
  }

  private static Wanted suffix(long count, long size) {
    return count == 0 || size == 0
        ? new Unsatisfiable()
        : new Part(new ByteRange(Math.max(0, size - count), size - 1));
  }

  private static Optional<Long> number(String digits) {
    return digits.isEmpty() ? Optional.empty() : Optional.of(Long.parseLong(digits));
  }

  public long length() {
    return last - first + 1;
  }

  /** The value of a Content-Range header. */
  public String contentRange(long size) {
    return "bytes " + first + "-" + last + "/" + size;
  }
}
