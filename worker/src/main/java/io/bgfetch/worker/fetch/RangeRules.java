package io.bgfetch.worker.fetch;

import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.worker.fetch.ContentRange.Part;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which bytes belong together: when a body that broke off may be resumed (RFC 9110, section
 * 15.3.7.3) and whether an answer goes on from what is here.
 */
final class RangeRules {

  private static final int PARTIAL = 206;
  private static final int NOT_SATISFIABLE = 416;
  private static final Set<Integer> RESUMABLE = Set.of(200, PARTIAL);
  private static final List<String> VALIDATORS = List.of("etag", "last-modified");

  private RangeRules() {}

  /**
   * Whether the rest of a body can be asked for when it breaks off. That of a coded one cannot: its
   * ETag and its offsets are those of the coded form.
   */
  static boolean resumable(String method, RecordResponse head) {
    return method.equals("GET") && RESUMABLE.contains(head.status()) && !coded(head);
  }

  /** Whether the body comes with a content coding. */
  static boolean coded(RecordResponse head) {
    String coding = head.headers().getOrDefault("content-encoding", "").strip();
    return !coding.isEmpty() && !coding.equalsIgnoreCase("identity");
  }

  /**
   * Judges the answer to a request for the whole body.
   *
   * @param contentRange the header's values
   */
  static RangeAnswer ofWhole(String method, RecordResponse answer, List<String> contentRange) {
    if (answer.status() != PARTIAL || method.equals("HEAD")) {
      return new RangeAnswer.Anew(answer, null);
    }
    if (!(ContentRange.parse(contentRange) instanceof Part part)) {
      return invalid("without a valid Content-Range");
    }
    if (part.first() != 0) {
      return invalid("from byte " + part.first() + " to a request for the whole");
    }
    RecordResponse head = coded(answer) ? answer : answer.ofLength(part.complete());
    boolean whole = part.complete() == null || part.length() == part.complete();
    return whole || resumable(method, answer)
        ? new RangeAnswer.Anew(head, part)
        : invalid("with a part of a body whose rest cannot be asked for");
  }

  /**
   * Judges the answer to a request for the rest of a body.
   *
   * @param first the head of the response that the body began with
   * @param here how many bytes of it there are
   * @param contentRange the header's values
   */
  static RangeAnswer ofRest(
      RecordResponse first, long here, RecordResponse answer, List<String> contentRange) {
    ContentRange range = ContentRange.parse(contentRange);
    return switch (answer.status()) {
      case PARTIAL -> onward(first, here, answer, range);
      case NOT_SATISFIABLE ->
          range instanceof ContentRange.Nothing nothing && nothing.complete() == here
              ? new RangeAnswer.AllHere()
              : new RangeAnswer.Anew(answer, null);
      default -> new RangeAnswer.Anew(answer, null);
    };
  }

  private static RangeAnswer onward(
      RecordResponse first, long here, RecordResponse answer, @Nullable ContentRange range) {
    if (!(range instanceof Part part)) {
      return invalid("without a valid Content-Range");
    }
    if (part.first() != here) {
      return invalid("from byte " + part.first() + " instead of " + here);
    }
    if (coded(answer)) {
      return invalid("with a content coding");
    }
    for (String validator : VALIDATORS) {
      String before = first.headers().get(validator);
      if (before != null && !before.equals(answer.headers().get(validator))) {
        return invalid("with another " + validator);
      }
    }
    return onward(first.length(), part);
  }

  private static RangeAnswer onward(@Nullable Long known, Part part) {
    boolean agrees =
        known == null || part.complete() == null || Objects.equals(known, part.complete());
    if (!agrees) {
      return invalid("of " + part.complete() + " bytes instead of " + known);
    }
    if (known != null && part.last() >= known) {
      return invalid("up to byte " + part.last() + " of " + known);
    }
    return new RangeAnswer.Onward(part, known == null ? part.complete() : known);
  }

  private static RangeAnswer invalid(String how) {
    return new RangeAnswer.Invalid("invalid 206: " + how);
  }
}
