package io.bgfetch.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks for one record, the gateway waiting for news of it, until its response has a head or it has
 * ended without one. No thread waits meanwhile; one answer leads to the next question.
 */
final class ResponseReady {
  private static final Duration WAIT = Duration.ofSeconds(30);

  private final Gateway gateway;
  private final String path;
  private final Function<JsonNode, BackgroundFetchRecord> reader;
  private final Backoff backoff = new Backoff(ThreadLocalRandom.current());
  private final CompletableFuture<RecordResponse> promise = new CompletableFuture<>();
  private volatile @Nullable CompletableFuture<?> asking;
  private @Nullable Deadline patience;

  ResponseReady(Gateway gateway, String path, Function<JsonNode, BackgroundFetchRecord> reader) {
    this.gateway = gateway;
    this.path = path;
    this.reader = reader;
  }

  /** The head; cancelling it ends the asking. */
  CompletableFuture<RecordResponse> of(BackgroundFetchRecord record) {
    var unused = promise.whenComplete((response, failure) -> stopAsking());
    look(record);
    return promise;
  }

  private void look(BackgroundFetchRecord record) {
    RecordResponse response = record.response();
    if (isUnreadable(record)) {
      promise.completeExceptionally(new BgfetchException(problem(record)));
    } else if (response != null) {
      promise.complete(response);
    } else {
      ask();
    }
  }

  private static boolean isUnreadable(BackgroundFetchRecord record) {
    return switch (record.result()) {
      case "", "success", "bad-status" -> false;
      default -> true;
    };
  }

  /** As the gateway refuses whoever wants to read the body. */
  private static Problem problem(BackgroundFetchRecord record) {
    String name = record.result().equals("aborted") ? "AbortError" : "TypeError";
    String error = record.error();
    String detail = record.result() + (error == null ? "" : ": " + error);
    return new Problem(409, name, "Conflict", detail, List.of());
  }

  private void ask() {
    if (promise.isDone()) {
      return;
    }
    String root = gateway.addresses().current();
    HttpRequest request =
        gateway.json(root, path).header("Prefer", "wait=" + WAIT.toSeconds()).build();
    try {
      CompletableFuture<JsonNode> answer = gateway.ask(root, request, WAIT);
      asking = answer;
      var unused =
          answer.whenComplete(
              (json, failure) -> {
                if (failure == null) {
                  accept(json);
                } else {
                  askAgain(root, failure);
                }
              });
    } catch (RuntimeException | Error e) { // that it was closed, mostly
      promise.completeExceptionally(e);
    }
  }

  private void accept(JsonNode json) {
    patience = null;
    backoff.reset();
    try {
      look(reader.apply(json));
    } catch (RuntimeException | Error e) { // nobody else learns of it on this thread
      promise.completeExceptionally(e);
    }
  }

  private void askAgain(String root, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    Deadline left = patience == null ? Deadline.in(gateway.timeouts().retry()) : patience;
    patience = left;
    if (!(cause instanceof RuntimeException known)
        || !Attempts.passes(known)
        || left.left().isNegative()) {
      promise.completeExceptionally(cause);
      return;
    }
    gateway.addresses().leave(root);
    Executor later =
        CompletableFuture.delayedExecutor(
            backoff.next().toNanos(), TimeUnit.NANOSECONDS, Runnable::run);
    later.execute(this::ask);
  }

  private void stopAsking() {
    CompletableFuture<?> last = asking;
    if (last != null) {
      last.cancel(true);
    }
  }
}
