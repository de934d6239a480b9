package io.bgfetch.gateway.registering;

import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.problem.ProblemException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The members of a JSON object, read strictly: what has a wrong type or is not known is a TypeError
 * that names it.
 */
public final class Members {

  private static final long LARGEST_EXACT = (1L << 53) - 1;

  private final JsonObject object;
  private final String path;

  /**
   * Reads an object that may have these members only.
   *
   * @param path what stands before a member's name in messages: empty, or ending in a dot
   */
  public Members(JsonObject object, String path, Set<String> known) {
    this.object = object;
    this.path = path;
    for (String name : object.fieldNames()) {
      if (!known.contains(name)) {
        throw Problem.typeError(path + shortened(name) + ": there is no such member").toException();
      }
    }
  }

  /** Whether the object has it, be it null. */
  public boolean has(String name) {
    return object.containsKey(name);
  }

  public Optional<String> text(String name) {
    return read(name, String.class, "a string");
  }

  /** A string that can be stored: well-formed, without U+0000. */
  Optional<String> storableText(String name) {
    Optional<String> text = text(name);
    text.filter(value -> !Texts.storable(value))
        .ifPresent(
            value -> {
              throw wrong(name, "has U+0000 or half a surrogate pair");
            });
    return text;
  }

  Optional<JsonObject> object(String name) {
    return read(name, JsonObject.class, "an object");
  }

  public Optional<JsonArray> list(String name) {
    return read(name, JsonArray.class, "a list");
  }

  public Optional<Boolean> flag(String name) {
    return read(name, Boolean.class, "true or false");
  }

  /** A whole number within bounds, both included. */
  Optional<Long> number(String name, long least, long most) {
    if (!has(name)) {
      return Optional.empty();
    }
    Object value = object.getValue(name);
    boolean whole = value instanceof Integer || value instanceof Long;
    if (whole && ((Number) value).longValue() >= least && ((Number) value).longValue() <= most) {
      return Optional.of(((Number) value).longValue());
    }
    throw wrong(
        name,
        most == LARGEST_EXACT
            ? "is not a whole number from " + least + " to 2^53-1"
            : "is not a whole number from " + least + " to " + most);
  }

  /** A whole number that JSON carries exactly, not negative. */
  Optional<Long> count(String name) {
    return number(name, 0, LARGEST_EXACT);
  }

  /** Refuses a member that is no string. */
  void requireText(String name) {
    text(name).ifPresent(unused -> {});
  }

  /** Refuses a member that is none of these words. */
  void requireOneOf(String name, List<String> words) {
    oneOf(name, words).ifPresent(unused -> {});
  }

  /** One of some words. */
  Optional<String> oneOf(String name, List<String> words) {
    Optional<String> text = text(name);
    text.filter(value -> !words.contains(value))
        .ifPresent(
            value -> {
              throw wrong(name, "is not one of " + String.join(", ", words));
            });
    return text;
  }

  /** A member as messages name it. */
  String named(String name) {
    return path + name;
  }

  /** The TypeError for a member. */
  public ProblemException wrong(String name, String what) {
    return Problem.typeError(path + name + ": " + what).toException();
  }

  private <T> Optional<T> read(String name, Class<T> type, String called) {
    if (!has(name)) {
      return Optional.empty();
    }
    Object value = object.getValue(name);
    if (!type.isInstance(value)) {
      throw wrong(name, "is not " + called);
    }
    return Optional.of(type.cast(value));
  }

  private static String shortened(String name) {
    return name.length() <= 64 ? name : name.substring(0, 64) + "…";
  }
}
