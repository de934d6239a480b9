package io.bgfetch.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP side: one address, one key, deadlines. Every answer becomes JSON, a stream, or one of
 * the two exceptions of this package.
 */
final class Gateway {
  private static final int MAX_PROBLEM = 1 << 20;

  private final HttpClient http;
  private final String root;
  private final @Nullable String apiKey;
  private final Timeouts timeouts;

  Gateway(HttpClient http, URI root, @Nullable String apiKey, Timeouts timeouts) {
    this.http = http;
    this.root = root.toString().replaceAll("/+$", "");
    this.apiKey = apiKey;
    this.timeouts = timeouts;
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  Timeouts timeouts() {
    return timeouts;
  }

  JsonNode get(String path) {
    return call(request(path).GET());
  }

  JsonNode post(String path, JsonNode body) {
    return send("POST", path, body);
  }

  JsonNode patch(String path, JsonNode body) {
    return send("PATCH", path, body);
  }

  private JsonNode send(String method, String path, JsonNode body) {
    return call(
        request(path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofByteArray(Json.bytes(body))));
  }

  /** A call whose answer has no body. */
  void order(String method, String path) {
    HttpRequest request =
        request(path)
            .header("Accept", "application/json")
            .method(method, BodyPublishers.noBody())
            .build();
    HttpResponse<byte[]> answer = await(send(request), Deadline.in(timeouts.call()));
    if (answer.statusCode() / 100 != 2) {
      throw refusal(request, answer, answer.body());
    }
  }

  private JsonNode call(HttpRequest.Builder builder) {
    HttpRequest request = builder.header("Accept", "application/json").build();
    return json(request, await(send(request), Deadline.in(timeouts.call())));
  }

  /** Sends a stream; its deadline counts from the last time that some of it was taken. */
  JsonNode upload(String path, String mediaType, NdjsonBody body) {
    HttpRequest request =
        request(path)
            .header("Accept", "application/json")
            .header("Content-Type", mediaType)
            .POST(BodyPublishers.ofInputStream(() -> body))
            .build();
    try {
      return json(request, await(send(request), () -> timeouts.call().minus(body.idle())));
    } catch (GatewayUnreachableException e) {
      RuntimeException ownFailure = body.failure();
      throw ownFailure == null ? e : ownFailure;
    }
  }

  /**
   * Opens a body to read while it arrives.
   *
   * @param wait for how much longer than usual the head may take
   * @param idle for how long nothing may arrive
   * @return an answer of status 200 or 204
   */
  HttpResponse<InputStream> open(HttpRequest request, Duration wait, Duration idle) {
    HttpResponse<InputStream> answer =
        await(
            http.sendAsync(request, head -> new TimedBody(idle)),
            Deadline.in(timeouts.call().plus(wait)));
    if (answer.statusCode() == 200 || answer.statusCode() == 204) {
      return answer;
    }
    try (InputStream body = answer.body()) {
      throw refusal(request, answer, body.readNBytes(MAX_PROBLEM));
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  HttpRequest.Builder request(String path) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(root + path));
    return apiKey == null ? builder : builder.header("Authorization", "Bearer " + apiKey);
  }

  private CompletableFuture<HttpResponse<byte[]>> send(HttpRequest request) {
    return http.sendAsync(request, BodyHandlers.ofByteArray());
  }

  private <T> HttpResponse<T> await(CompletableFuture<HttpResponse<T>> answer, Deadline deadline) {
    try {
      while (true) {
        try {
          return answer.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
          giveUpWhenLate(answer, deadline);
        }
      }
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw unreachable(new InterruptedIOException("interrupted"));
    } catch (ExecutionException e) {
      throw unreachable(
          e.getCause() instanceof IOException io ? io : new IOException(e.getCause()));
    }
  }

  private void giveUpWhenLate(CompletableFuture<?> answer, Deadline deadline) {
    if (deadline.left().compareTo(Duration.ZERO) <= 0) {
      answer.cancel(true);
      throw unreachable(new HttpTimeoutException("no answer in time"));
    }
  }

  private JsonNode json(HttpRequest request, HttpResponse<byte[]> answer) {
    if (answer.statusCode() / 100 != 2) {
      throw refusal(request, answer, answer.body());
    }
    try {
      return Json.parse(answer.body());
    } catch (IOException e) {
      throw foreign(request, answer);
    }
  }

  private RuntimeException refusal(HttpRequest request, HttpResponse<?> answer, byte[] body) {
    String type = answer.headers().firstValue("Content-Type").orElse("");
    if (!type.toLowerCase(Locale.ROOT).startsWith("application/problem+json")) {
      return foreign(request, answer);
    }
    try {
      return new BgfetchException(Problem.of(answer.statusCode(), Json.parse(body)));
    } catch (IOException e) {
      return foreign(request, answer);
    }
  }

  /** An answer that a gateway would not give: another server, or a proxy that cannot reach it. */
  private GatewayUnreachableException foreign(HttpRequest request, HttpResponse<?> answer) {
    return unreachable(
        new IOException(
            "what answered %s %s with %d is not bgfetch"
                .formatted(request.method(), request.uri().getPath(), answer.statusCode())));
  }

  GatewayUnreachableException unreachable(IOException cause) {
    return GatewayUnreachableException.at(root, cause);
  }
}
