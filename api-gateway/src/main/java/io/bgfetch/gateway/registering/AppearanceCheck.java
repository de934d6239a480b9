package io.bgfetch.gateway.registering;

import io.bgfetch.gateway.problem.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Set;

/** Checks a new title and new icons, by the rules of registering. */
public final class AppearanceCheck {

  private static final Set<String> APPEARANCE = Set.of("title", "icons");

  private static final long BYTES_OF_CHARACTER = 4;

  /** A backslash, {@code u} and four digits, at most, for each byte. */
  private static final long ESCAPED = 6;

  /** Names and punctuation. */
  private static final long REST = 4_096;

  private final RegisteringLimits limits;

  public AppearanceCheck(RegisteringLimits limits) {
    this.limits = limits;
  }

  /**
   * How long the JSON may be, in bytes: what the longest title and icons take where every character
   * is escaped.
   */
  public int mostBytes() {
    long characters =
        BYTES_OF_CHARACTER * limits.titleLength() + (long) limits.icons() * limits.iconBytes();
    return (int) Math.min(ESCAPED * characters + REST, limits.documentBytes());
  }

  /**
   * Reads what is to be seen.
   *
   * @throws io.bgfetch.gateway.problem.ProblemException that names the member which is wrong
   */
  public Appearance check(Buffer json) {
    Members members = new Members(parsed(json), "", APPEARANCE);
    return new Appearance(
        members.has("title") ? new TitleCheck(limits).check(members) : null,
        members.has("icons") ? new IconCheck(limits).check(members) : null);
  }

  private static JsonObject parsed(Buffer json) {
    try {
      return new JsonObject(json);
    } catch (DecodeException | ClassCastException notOne) {
      throw Problem.typeError("the body is not a JSON object").toException();
    }
  }
}
