package io.bgfetch.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests and waits for their answers, none longer than it may take, and knows what is under
 * way: closing it ends all of that. Safe for use by many threads.
 */
final class Connection {
  private final HttpClient http;
  private final boolean ours;
  private final Set<CompletableFuture<?>> calls = ConcurrentHashMap.newKeySet();
  private final Set<TimedBody> bodies = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * A connection.
   *
   * @param ours whether the client is closed with it
   */
  Connection(HttpClient http, boolean ours) {
    this.http = http;
    this.ours = ours;
  }

  HttpResponse<byte[]> call(HttpRequest request, Deadline deadline) throws IOException {
    return await(send(request), deadline);
  }

  /** The head of the answer, once it is there; its body is read while it arrives. */
  HttpResponse<InputStream> open(HttpRequest request, Deadline deadline, Duration idle)
      throws IOException {
    return await(begin(request, head -> new TimedBody(idle, bodies)), deadline);
  }

  /** The answer, on a thread of the HTTP client. */
  CompletableFuture<HttpResponse<byte[]>> send(HttpRequest request) {
    return begin(request, BodyHandlers.ofByteArray());
  }

  @SuppressWarnings("UndefinedEquals") // a call is only ever equal to itself
  private <T> CompletableFuture<HttpResponse<T>> begin(
      HttpRequest request, BodyHandler<T> bodyHandler) {
    requireOpen();
    CompletableFuture<HttpResponse<T>> answer = http.sendAsync(request, bodyHandler);
    calls.add(answer);
    var unused = answer.whenComplete((done, failed) -> calls.remove(answer));
    if (closed) {
      answer.cancel(true);
    }
    return answer;
  }

  private <T> T await(CompletableFuture<T> answer, Deadline deadline) throws IOException {
    try {
      while (true) {
        try {
          return answer.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
          if (deadline.left().compareTo(Duration.ZERO) <= 0) {
            answer.cancel(true);
            throw new HttpTimeoutException("no answer in time");
          }
        }
      }
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (CancellationException e) {
      requireOpen();
      throw new IOException("cancelled", e);
    } catch (ExecutionException e) {
      requireOpen();
      throw asIoException(e.getCause());
    }
  }

  static IOException asIoException(@Nullable Throwable failure) {
    return failure instanceof IOException io ? io : new IOException(failure);
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the client is closed");
    }
  }

  void close() {
    closed = true;
    calls.forEach(call -> call.cancel(true));
    bodies.forEach(TimedBody::close);
    if (ours) {
      shutDownNow();
    }
  }

  /** Before Java 21 an HTTP client ends only when nobody refers to it any more. */
  private void shutDownNow() {
    try {
      var unused = HttpClient.class.getMethod("shutdownNow").invoke(http);
    } catch (NoSuchMethodException e) {
      // nothing of it runs but a thread that waits
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(e);
    }
  }
}
