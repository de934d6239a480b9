package io.bgfetch.gateway.api;

import io.bgfetch.gateway.problem.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The page for people at {@code /} and the files that it is made of, as they come with this module.
 * They hold no secrets: what they show they ask the API for.
 */
final class Dashboard {

  private static final String PAGE = "index.html";

  /** All of them, so that nothing else of the class path can be asked for. */
  static final List<String> FILES =
      List.of(
          PAGE,
          "actions.js",
          "announcer.js",
          "api.js",
          "chart.js",
          "clipboard.js",
          "dashboard.css",
          "details.js",
          "dialogs.js",
          "elements.js",
          "format.js",
          "icon.svg",
          "keyboard.js",
          "live.js",
          "main.js",
          "origins.js",
          "overview.js",
          "poll.js",
          "rate.js",
          "records.js",
          "registration-list.js",
          "registration-row.js",
          "registration-view.js",
          "route.js",
          "server-sent-events.js",
          "store.js",
          "theme.js",
          "traffic.js",
          "workers.js");

  private static final String PLACE = "/io/bgfetch/gateway/dashboard/";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml");

  /**
   * Much of what the page shows was written by others: nothing but its own files may run (CSP 3),
   * no text can become a script (Trusted Types), and only icons come from elsewhere.
   */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self' http: https: data:; frame-ancestors 'none'; base-uri 'none';"
          + " form-action 'none'; require-trusted-types-for 'script'";

  private final Map<String, Asset> assets =
      FILES.stream().collect(Collectors.toUnmodifiableMap(Function.identity(), Asset::load));

  /** A file as it is sent. */
  private record Asset(Buffer content, String type, String etag) {

    static Asset load(String name) {
      try (InputStream stream = Dashboard.class.getResourceAsStream(PLACE + name)) {
        byte[] bytes = Objects.requireNonNull(stream, name).readAllBytes();
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        return new Asset(Buffer.buffer(bytes), Objects.requireNonNull(type, name), etag(bytes));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static String etag(byte[] bytes) {
      try {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
        return '"' + HexFormat.of().formatHex(hash, 0, 16) + '"';
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError("every Java platform has SHA-256", e);
      }
    }
  }

  void page(RoutingContext rc) {
    answer(rc, PAGE);
  }

  void file(RoutingContext rc) {
    answer(rc, rc.pathParam("file"));
  }

  /** Kept by browsers, but asked for each time: the files of two versions never mix. */
  private void answer(RoutingContext rc, String name) {
    Asset asset = assets.get(name);
    if (asset == null) {
      throw Problem.notFound("the dashboard has no such file").toException();
    }
    HttpServerResponse response =
        rc.response()
            .putHeader(HttpHeaders.CONTENT_TYPE, asset.type())
            .putHeader(HttpHeaders.ETAG, asset.etag())
            .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
            .putHeader("Content-Security-Policy", POLICY)
            .putHeader("X-Content-Type-Options", "nosniff")
            .putHeader("Referrer-Policy", "no-referrer")
            .putHeader("Cross-Origin-Opener-Policy", "same-origin")
            .putHeader("Cross-Origin-Resource-Policy", "same-origin");
    if (Answers.isKnown(rc, asset.etag())) {
      Answers.empty(rc, 304);
    } else {
      response.end(asset.content()).onFailure(gone -> {});
    }
  }
}
