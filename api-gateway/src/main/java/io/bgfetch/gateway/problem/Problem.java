package io.bgfetch.gateway.problem;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is refused, as its client is told: a problem document (RFC 9457).
 *
 * @param status the HTTP status
 * @param title what the status means, the same for every problem of that status
 * @param name the exception that the browser's API would throw, null where it knows none
 * @param detail what is wrong with this request
 * @param offences which requests of a list are wrong, in order of index
 * @param headers of the answer
 */
public record Problem(
    int status,
    String title,
    @Nullable String name,
    String detail,
    List<Offence> offences,
    Map<String, String> headers) {

  public static final String MEDIA_TYPE = "application/problem+json";

  private static final String TYPE_ERROR = "TypeError";
  private static final String RETRY_AFTER_SECONDS = "2";

  public Problem {
    offences = List.copyOf(offences);
    headers = Map.copyOf(headers);
  }

  private static Problem of(int status, String title, @Nullable String name, String detail) {
    return new Problem(status, title, name, detail, List.of(), Map.of());
  }

  /** The request is not what it should be. */
  public static Problem typeError(String detail) {
    return of(400, "Bad Request", TYPE_ERROR, detail);
  }

  /** Some requests of the list are not what they should be. */
  public static Problem typeError(List<Offence> offences) {
    Offence first = offences.getFirst();
    String detail = "request " + first.index() + ": " + first.detail();
    return new Problem(400, "Bad Request", TYPE_ERROR, detail, offences, Map.of());
  }

  /** A parameter of the request cannot be read. */
  public static Problem badRequest(String detail) {
    return of(400, "Bad Request", null, detail);
  }

  /** The origin or the host that the request names may not use this gateway. */
  public static Problem forbidden(String detail) {
    return of(403, "Forbidden", null, detail);
  }

  /** The request names no key that is known (RFC 6750, section 3). */
  public static Problem unauthorized(String detail) {
    return new Problem(
        401,
        "Unauthorized",
        null,
        detail,
        List.of(),
        Map.of("WWW-Authenticate", "Bearer realm=\"bgfetch\""));
  }

  /** Its sender may not do this. */
  public static Problem notAllowed(String detail) {
    return of(403, "Forbidden", "NotAllowedError", detail);
  }

  public static Problem notFound(String detail) {
    return of(404, "Not Found", null, detail);
  }

  /** The path knows other methods only. */
  public static Problem methodNotAllowed(String allowed) {
    return new Problem(
        405,
        "Method Not Allowed",
        null,
        "this path knows " + allowed,
        List.of(),
        Map.of("Allow", allowed));
  }

  /** The id belongs to the active registration of this uid. */
  public static Problem idIsActive(UUID uid) {
    return of(409, "Conflict", TYPE_ERROR, "a registration of this id is active: " + uid);
  }

  /** The id belonged to an active registration a moment ago. */
  public static Problem idWasActive() {
    return of(409, "Conflict", TYPE_ERROR, "a registration of this id was active until just now");
  }

  /** The thing asked for cannot be given in the present state; {@code name} says in which way. */
  public static Problem conflict(String name, String detail) {
    return of(409, "Conflict", name, detail);
  }

  /** Not in this state. */
  public static Problem invalidState(String detail) {
    return conflict("InvalidStateError", detail);
  }

  /** The body did not come in time. */
  public static Problem requestTimeout(Duration most) {
    return of(
        408,
        "Request Timeout",
        null,
        "the body was not here within " + most.toSeconds() + " seconds");
  }

  public static Problem tooLarge(String detail) {
    return of(413, "Content Too Large", null, detail);
  }

  public static Problem unsupportedMediaType(String detail) {
    return of(415, "Unsupported Media Type", null, detail);
  }

  /** The idempotency key was used for something else. */
  public static Problem anotherBody() {
    return of(
        422, "Unprocessable Content", null, "this Idempotency-Key was used with another body");
  }

  public static Problem rangeNotSatisfiable(long size) {
    return new Problem(
        416,
        "Range Not Satisfiable",
        null,
        "the body has " + size + " bytes",
        List.of(),
        Map.of("Content-Range", "bytes */" + size));
  }

  public static Problem tooManyActive(int most) {
    return of(429, "Too Many Requests", null, "there are " + most + " active registrations");
  }

  /** The tenant has as many webhooks as it may have. */
  public static Problem tooManyWebhooks(int most) {
    return of(429, "Too Many Requests", null, "there are " + most + " webhooks, no more are kept");
  }

  /** So many wait for records already; the same request may do later. */
  public static Problem tooManyReaders(int most) {
    return new Problem(
        503,
        "Service Unavailable",
        null,
        "this gateway has " + most + " readers of records that are under way, try again",
        List.of(),
        Map.of("Retry-After", RETRY_AFTER_SECONDS));
  }

  /** Something of our own is in pieces; nothing about it is told. */
  public static Problem internal() {
    return of(500, "Internal Server Error", null, "the request could not be carried out");
  }

  /** A backend does not answer; the same request may do later. */
  public static Problem unavailable() {
    return busy("the database does not answer, try again");
  }

  /** Not now; the same request may do later. */
  public static Problem busy(String detail) {
    return new Problem(
        503,
        "Service Unavailable",
        null,
        detail,
        List.of(),
        Map.of("Retry-After", RETRY_AFTER_SECONDS));
  }

  /** What the tenant stores would become more than it may. */
  public static Problem quotaExceeded(long most) {
    return of(
        507,
        "Insufficient Storage",
        "QuotaExceededError",
        "the request bodies and downloadTotal do not fit what is left of " + most + " bytes");
  }

  /** The problem for a status that was given without a reason. */
  public static Problem ofStatus(int status, String title) {
    return of(status, title, null, title);
  }

  /** Ends a chain of futures or calls with this problem. */
  public ProblemException toException() {
    return new ProblemException(this);
  }

  public JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("type", "about:blank")
            .put("title", title)
            .put("status", status)
            .put("detail", detail);
    if (name != null) {
      json.put("name", name);
    }
    if (!offences.isEmpty()) {
      json.put("errors", new JsonArray(offences.stream().map(Offence::toJson).toList()));
    }
    return json;
  }
}
