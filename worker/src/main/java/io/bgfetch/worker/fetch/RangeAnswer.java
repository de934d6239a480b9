package io.bgfetch.worker.fetch;

import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.worker.fetch.ContentRange.Part;
import org.jspecify.annotations.Nullable;

/** What an answer means for a body of which the first bytes may be here already. */
sealed interface RangeAnswer {

  /**
   * A response of its own, whose body begins at byte 0. Bytes that are here belong to another one.
   *
   * @param part what a 206 brings of it; null where the answer is no 206
   */
  record Anew(RecordResponse head, @Nullable Part part) implements RangeAnswer {}

  /**
   * The body goes on where it broke off.
   *
   * @param length of the whole body, null where nobody has said it
   */
  record Onward(Part part, @Nullable Long length) implements RangeAnswer {}

  /** There is no byte more. */
  record AllHere() implements RangeAnswer {}

  /**
   * The answer contradicts what was asked for, or what the origin said before.
   *
   * @param reason one line
   */
  record Invalid(String reason) implements RangeAnswer {}
}
