package io.bgfetch.gateway.registering;

import io.bgfetch.gateway.problem.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Set;

/** Checks a new title and new icons, by the rules of registering. */
public final class AppearanceCheck {

  private static final Set<String> APPEARANCE = Set.of("title", "icons");

  private final RegisteringLimits limits;

  public AppearanceCheck(RegisteringLimits limits) {
    this.limits = limits;
  }

  /** How long the JSON may be, in bytes. */
  public int mostBytes() {
    return limits.documentBytes();
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
