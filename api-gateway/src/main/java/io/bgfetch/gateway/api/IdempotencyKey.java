package io.bgfetch.gateway.api;

import io.bgfetch.gateway.problem.Problem;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The header {@code Idempotency-Key}: 1 to 255 visible ASCII characters. */
final class IdempotencyKey {

  private static final String HEADER = "Idempotency-Key";
  private static final int LONGEST = 255;

  private IdempotencyKey() {}

  /**
   * The key of a request, null where it has none.
   *
   * @throws io.bgfetch.gateway.problem.ProblemException of status 400 if it is none
   */
  static @Nullable String of(RoutingContext rc) {
    List<String> given = rc.request().headers().getAll(HEADER);
    if (given.isEmpty()) {
      return null;
    }
    String key = given.getFirst();
    boolean right =
        given.size() == 1
            && !key.isEmpty()
            && key.length() <= LONGEST
            && key.chars().allMatch(c -> c > ' ' && c < 0x7F);
    if (!right) {
      throw Problem.badRequest(HEADER + ": is not 1 to " + LONGEST + " visible characters, once")
          .toException();
    }
    return key;
  }
}
