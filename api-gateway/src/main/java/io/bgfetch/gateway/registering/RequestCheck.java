package io.bgfetch.gateway.registering;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.RedirectMode;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.registering.HeaderSealing.RequestHeaders;
import io.bgfetch.url.WebUrl;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks one request of a list, a URL or an object: what the Fetch standard's Request constructor
 * refuses, and what a server must refuse beyond it. A refusal is a TypeError, but for headers that
 * are too large.
 */
final class RequestCheck {

  private static final Set<String> REQUEST =
      Set.of(
          "url",
          "method",
          "headers",
          "body",
          "bodyBase64",
          "bodyPart",
          "integrity",
          "redirect",
          "mode",
          "credentials",
          "cache",
          "referrer");

  private static final List<String> BODIES = List.of("body", "bodyBase64", "bodyPart");
  private static final List<String> MODES = List.of("cors", "same-origin");
  private static final List<String> CREDENTIALS = List.of("omit", "same-origin", "include");
  private static final List<String> CACHE =
      List.of("default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached");
  private static final List<String> REDIRECTS = List.of("follow", "error", "manual");

  private final RegisteringLimits limits;
  private final UrlCheck urls;
  private final HeaderCheck headers;
  private final HeaderSealing sealing;
  private final boolean withParts;

  /** Checks requests; {@code withParts}: whether their bodies may be in parts of a form. */
  RequestCheck(RegisteringLimits limits, HeaderSealing sealing, boolean withParts) {
    this.limits = limits;
    this.withParts = withParts;
    this.urls = new UrlCheck(limits.urlLength());
    this.headers = new HeaderCheck(limits.headerBytes());
    this.sealing = sealing;
  }

  /** Checks what stood in the list, which may be anything that JSON knows. */
  CheckedRequest check(@Nullable Object request, @Nullable WebUrl base) {
    return switch (request) {
      case String url -> checked(FetchRequest.get(url), base, null);
      case JsonObject object -> checked(new Members(object, "", REQUEST), base);
      case null, default -> throw Problem.typeError("is not a URL or an object").toException();
    };
  }

  private CheckedRequest checked(Members members, @Nullable WebUrl base) {
    return checked(read(members), base, members.text("bodyPart").orElse(null));
  }

  private FetchRequest read(Members members) {
    checkIgnored(members);
    String url = members.text("url").orElseThrow(() -> members.wrong("url", "is missing"));
    String method = MethodName.normalized(members);
    StoredBody body = body(members);
    boolean hasBody = body != null || members.has("bodyPart");
    if (hasBody && (method.equals("GET") || method.equals("HEAD"))) {
      throw members.wrong("body", "a " + method + " has none");
    }
    RequestHeaders checked = sealing.of(headers.check(members));
    return new FetchRequest(
        url,
        method,
        checked.open(),
        checked.sealed(),
        body,
        members
            .oneOf("redirect", REDIRECTS)
            .flatMap(RedirectMode::ofWireName)
            .orElse(RedirectMode.FOLLOW),
        integrity(members));
  }

  /** It travels with the headers, so it may be as long as they may. */
  private @Nullable String integrity(Members members) {
    String integrity = members.storableText("integrity").orElse(null);
    if (integrity != null && integrity.length() > limits.headerBytes()) {
      throw Problem.tooLarge("integrity: more than " + limits.headerBytes() + " characters")
          .toException();
    }
    return integrity;
  }

  /** Members that are accepted, where they make sense, and have no effect on a server. */
  private static void checkIgnored(Members members) {
    members.requireOneOf("mode", MODES);
    members.requireOneOf("credentials", CREDENTIALS);
    members.requireOneOf("cache", CACHE);
    members.requireText("referrer");
  }

  private @Nullable StoredBody body(Members members) {
    List<String> given = BODIES.stream().filter(members::has).toList();
    if (given.size() > 1) {
      throw members.wrong(given.get(0), "stands beside " + given.get(1));
    }
    if (members.has("bodyPart") && !withParts) {
      throw members.wrong("bodyPart", "there are no parts, this is not multipart/form-data");
    }
    byte[] bytes =
        members
            .text("body")
            .map(text -> utf8(members, text))
            .or(() -> members.text("bodyBase64").map(text -> base64(members, text)))
            .orElse(null);
    if (bytes != null && bytes.length > limits.requestBodyBytes()) {
      throw Problem.tooLarge("body: more than " + limits.requestBodyBytes() + " bytes")
          .toException();
    }
    return bytes == null ? null : new StoredBody.Inline(bytes);
  }

  private static byte[] utf8(Members members, String text) {
    if (!Texts.wellFormed(text)) {
      throw members.wrong("body", "has half a surrogate pair");
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] base64(Members members, String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException notBase64) {
      throw members.wrong("bodyBase64", "is not base64 (RFC 4648, section 4)");
    }
  }

  private CheckedRequest checked(
      FetchRequest request, @Nullable WebUrl base, @Nullable String bodyPart) {
    WebUrl url = urls.check(request.url(), base);
    FetchRequest normalized =
        new FetchRequest(
            url.href(),
            request.method(),
            request.headers(),
            request.sealedHeaders(),
            request.body(),
            request.redirect(),
            request.integrity());
    return new CheckedRequest(normalized, url.urlKey(), bodyPart);
  }
}
