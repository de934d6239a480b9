package io.bgfetch.gateway.registering;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.RedirectMode;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.url.BadPorts;
import io.bgfetch.url.WebUrl;
import io.bgfetch.url.WebUrlException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
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
          "integrity",
          "redirect",
          "mode",
          "credentials",
          "cache",
          "referrer");

  private static final List<String> MODES = List.of("cors", "same-origin");
  private static final List<String> CREDENTIALS = List.of("omit", "same-origin", "include");
  private static final List<String> CACHE =
      List.of("default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached");
  private static final List<String> REDIRECTS = List.of("follow", "error", "manual");

  private final RegisteringLimits limits;
  private final HeaderCheck headers;

  RequestCheck(RegisteringLimits limits) {
    this.limits = limits;
    this.headers = new HeaderCheck(limits.headerBytes());
  }

  /** Checks what stood in the list, which may be anything that JSON knows. */
  CheckedRequest check(@Nullable Object request, @Nullable WebUrl base) {
    return switch (request) {
      case String url -> checked(FetchRequest.get(url), base);
      case JsonObject object -> checked(read(object), base);
      case null, default -> throw Problem.typeError("is not a URL or an object").toException();
    };
  }

  private FetchRequest read(JsonObject object) {
    Members members = new Members(object, "", REQUEST);
    checkIgnored(members);
    String url = members.text("url").orElseThrow(() -> members.wrong("url", "is missing"));
    String method = MethodName.normalized(members);
    StoredBody body = body(members);
    if (body != null && (method.equals("GET") || method.equals("HEAD"))) {
      throw members.wrong("body", "a " + method + " has none");
    }
    return new FetchRequest(
        url,
        method,
        headers.check(members),
        Map.of(),
        body,
        members
            .oneOf("redirect", REDIRECTS)
            .flatMap(RedirectMode::ofWireName)
            .orElse(RedirectMode.FOLLOW),
        members.storableText("integrity").orElse(null));
  }

  /** Members that are accepted, where they make sense, and have no effect on a server. */
  private static void checkIgnored(Members members) {
    members.requireOneOf("mode", MODES);
    members.requireOneOf("credentials", CREDENTIALS);
    members.requireOneOf("cache", CACHE);
    members.requireText("referrer");
  }

  private static @Nullable StoredBody body(Members members) {
    if (members.has("body") && members.has("bodyBase64")) {
      throw members.wrong("body", "stands beside bodyBase64");
    }
    byte[] bytes =
        members
            .text("body")
            .map(text -> utf8(members, text))
            .or(() -> members.text("bodyBase64").map(text -> base64(members, text)))
            .orElse(null);
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

  private CheckedRequest checked(FetchRequest request, @Nullable WebUrl base) {
    WebUrl url = url(request.url(), base);
    FetchRequest normalized =
        new FetchRequest(
            url.href(),
            request.method(),
            request.headers(),
            request.sealedHeaders(),
            request.body(),
            request.redirect(),
            request.integrity());
    return new CheckedRequest(normalized, url.urlKey());
  }

  private WebUrl url(String text, @Nullable WebUrl base) {
    if (text.length() > limits.urlLength()) {
      throw wrongUrl("is longer than " + limits.urlLength() + " characters");
    }
    WebUrl url = parsed(text, base);
    if (url.href().length() > limits.urlLength()) {
      throw wrongUrl("is longer than " + limits.urlLength() + " characters");
    }
    if (!url.isHttp()) {
      throw wrongUrl("is not http or https");
    }
    if (url.hasCredentials()) {
      throw wrongUrl("has a user or a password");
    }
    if (BadPorts.isBad(url.effectivePort())) {
      throw wrongUrl("port " + url.effectivePort() + " is not allowed");
    }
    return url;
  }

  private static WebUrl parsed(String text, @Nullable WebUrl base) {
    try {
      return WebUrl.parse(text, base);
    } catch (WebUrlException notOne) {
      throw wrongUrl(String.valueOf(notOne.getMessage()));
    }
  }

  private static RuntimeException wrongUrl(String what) {
    return Problem.typeError("url: " + what).toException();
  }
}
