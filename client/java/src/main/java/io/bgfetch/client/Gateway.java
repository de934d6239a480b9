package io.bgfetch.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP side: addresses, a key, deadlines, repetitions. Every answer becomes JSON, a stream, or
 * one of the two exceptions of this package.
 */
final class Gateway {
  private static final int MAX_PROBLEM = 1 << 20;
  private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  private final Connection connection;
  private final Addresses addresses;
  private final Attempts attempts;
  private final @Nullable String apiKey;
  private final boolean gzip;
  private final Timeouts timeouts;

  Gateway(
      Connection connection,
      Addresses addresses,
      Attempts attempts,
      Timeouts timeouts,
      @Nullable String apiKey,
      boolean gzip) {
    this.connection = connection;
    this.addresses = addresses;
    this.attempts = attempts;
    this.timeouts = timeouts;
    this.apiKey = apiKey;
    this.gzip = gzip;
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  Timeouts timeouts() {
    return timeouts;
  }

  Addresses addresses() {
    return addresses;
  }

  Attempts attempts() {
    return attempts;
  }

  JsonNode get(String path) {
    return call(path, Repeat.ALWAYS, UnaryOperator.identity());
  }

  /** Reads, or changes what may be changed twice. */
  JsonNode post(String path, JsonNode body) {
    return post(path, body, Repeat.ALWAYS);
  }

  JsonNode post(String path, JsonNode body, Repeat repeat) {
    return call(path, repeat, request -> body("POST", body, request));
  }

  JsonNode patch(String path, JsonNode body) {
    return call(path, Repeat.ALWAYS, request -> body("PATCH", body, request));
  }

  /** Registers at most once, however often it is sent. */
  JsonNode postOnce(String path, String key, JsonNode body) {
    return call(
        path, Repeat.ALWAYS, request -> body("POST", body, request).header(IDEMPOTENCY_KEY, key));
  }

  private static HttpRequest.Builder body(String method, JsonNode body, HttpRequest.Builder to) {
    return to.header("Content-Type", "application/json")
        .method(method, BodyPublishers.ofByteArray(Json.bytes(body)));
  }

  private JsonNode call(String path, Repeat repeat, UnaryOperator<HttpRequest.Builder> more) {
    return attempts.run(
        repeat,
        root -> {
          HttpRequest request = more.apply(json(root, path)).build();
          return json(root, request, send(root, request, Deadline.in(timeouts.call())));
        });
  }

  /** A call whose answer has no body. */
  void order(String method, String path, Repeat repeat) {
    var unused =
        attempts.run(
            repeat,
            root -> {
              HttpRequest request =
                  json(root, path).method(method, BodyPublishers.noBody()).build();
              HttpResponse<byte[]> answer = send(root, request, Deadline.in(timeouts.call()));
              if (answer.statusCode() / 100 != 2) {
                throw refusal(root, request, answer, answer.body());
              }
              return answer;
            });
  }

  /**
   * Sends a registration until it is answered, or cannot be sent again. Its deadline counts from
   * the last time that some of it was taken.
   */
  JsonNode upload(String path, String key, Submission submission) {
    try {
      return attempts.run(
          failure -> submission.isRepeatable(), root -> upload(root, path, key, submission));
    } catch (GatewayUnreachableException e) {
      throw submission.isRepeatable()
          ? e
          : e.because("its requests can be walked only once, so it was not sent again");
    }
  }

  private JsonNode upload(String root, String path, String key, Submission submission) {
    connection.requireOpen();
    try (UploadBody body = openBody(submission)) {
      HttpRequest.Builder builder =
          json(root, path)
              .header("Content-Type", submission.mediaType())
              .header(IDEMPOTENCY_KEY, key)
              .POST(BodyPublishers.ofInputStream(() -> body));
      if (gzip) {
        builder.header("Content-Encoding", "gzip");
      }
      HttpRequest request = builder.build();
      return json(root, request, send(root, request, body));
    }
  }

  private HttpResponse<byte[]> send(String root, HttpRequest request, UploadBody body) {
    try {
      return send(root, request, () -> timeouts.call().minus(body.idle()));
    } catch (GatewayUnreachableException e) {
      RuntimeException ownFailure = body.failure();
      throw ownFailure == null ? e : ownFailure;
    }
  }

  private UploadBody openBody(Submission submission) {
    try {
      InputStream content = submission.open();
      return new UploadBody(gzip ? new GzippedBody(content) : content);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // the caller's own
    }
  }

  /**
   * Opens a body to read while it arrives.
   *
   * @param more adds headers
   * @param wait for how much longer than usual the head may take
   * @return an answer of status 2xx
   */
  HttpResponse<InputStream> open(
      String path, UnaryOperator<HttpRequest.Builder> more, Duration wait) {
    return attempts.run(
        Repeat.ALWAYS,
        root -> openAt(root, more.apply(request(root, path)).build(), wait, timeouts.bodyIdle()));
  }

  /**
   * Opens a stream at one address, once.
   *
   * @param idle for how long nothing may arrive
   */
  HttpResponse<InputStream> openAt(String root, HttpRequest request, Duration wait, Duration idle) {
    try {
      HttpResponse<InputStream> answer =
          connection.open(request, Deadline.in(timeouts.call().plus(wait)), idle);
      if (answer.statusCode() / 100 == 2) {
        return answer;
      }
      try (InputStream body = answer.body()) {
        throw refusal(root, request, answer, body.readNBytes(MAX_PROBLEM));
      }
    } catch (IOException e) {
      throw unreachable(root, e);
    }
  }

  /** Asks one address, once; the answer is there on a thread of the HTTP client. */
  CompletableFuture<JsonNode> ask(String root, HttpRequest request, Duration wait) {
    CompletableFuture<HttpResponse<byte[]>> asking = connection.send(request);
    return asking
        .copy()
        .orTimeout(timeouts.call().plus(wait).toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((answer, failure) -> asking.cancel(true))
        .handle(
            (answer, failure) -> {
              if (answer == null) {
                throw unreachable(root, failureOf(failure));
              }
              return json(root, request, answer);
            });
  }

  private static IOException failureOf(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof TimeoutException
        ? new HttpTimeoutException("no answer in time")
        : Connection.asIoException(cause);
  }

  HttpRequest.Builder request(String root, String path) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(root + path));
    return apiKey == null ? builder : builder.header("Authorization", "Bearer " + apiKey);
  }

  HttpRequest.Builder json(String root, String path) {
    return request(root, path).header("Accept", "application/json");
  }

  private HttpResponse<byte[]> send(String root, HttpRequest request, Deadline deadline) {
    try {
      return connection.call(request, deadline);
    } catch (IOException e) {
      throw unreachable(root, e);
    }
  }

  private JsonNode json(String root, HttpRequest request, HttpResponse<byte[]> answer) {
    if (answer.statusCode() / 100 != 2) {
      throw refusal(root, request, answer, answer.body());
    }
    try {
      return Json.parse(answer.body());
    } catch (IOException e) {
      throw foreign(root, request, answer);
    }
  }

  private RuntimeException refusal(
      String root, HttpRequest request, HttpResponse<?> answer, byte[] body) {
    String type = answer.headers().firstValue("Content-Type").orElse("");
    if (!type.toLowerCase(Locale.ROOT).startsWith("application/problem+json")) {
      return foreign(root, request, answer);
    }
    try {
      return new BgfetchException(
          Problem.of(answer.statusCode(), Json.parse(body)), retryAfter(answer));
    } catch (IOException e) {
      return foreign(root, request, answer);
    }
  }

  /** In seconds; gateways send no dates. */
  private static @Nullable Duration retryAfter(HttpResponse<?> answer) {
    return answer
        .headers()
        .firstValue("Retry-After")
        .filter(seconds -> seconds.matches("\\d{1,6}"))
        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
        .orElse(null);
  }

  /** An answer that a gateway would not give: another server, or a proxy that cannot reach it. */
  GatewayUnreachableException foreign(String root, HttpRequest request, HttpResponse<?> answer) {
    IOException cause =
        new IOException(
            "what answered %s %s with %d is not bgfetch"
                .formatted(request.method(), request.uri().getPath(), answer.statusCode()));
    return switch (answer.statusCode()) {
      case 502, 503, 504 -> GatewayUnreachableException.at(root, cause);
      default -> GatewayUnreachableException.forGood(root, cause);
    };
  }

  GatewayUnreachableException unreachable(String root, IOException cause) {
    return cause instanceof InterruptedIOException
        ? GatewayUnreachableException.forGood(root, cause)
        : GatewayUnreachableException.at(root, cause);
  }

  /** An answer that makes no sense. */
  GatewayUnreachableException nonsense(IOException cause) {
    return GatewayUnreachableException.forGood(addresses.current(), cause);
  }

  void close() {
    attempts.close();
    connection.close();
  }
}
