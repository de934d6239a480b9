package io.bgfetch.testkit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.testcontainers.DockerClientFactory;

/** The Docker engine of this machine, if there is one. */
final class DockerEngine {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private DockerEngine() {}

  /** Why no container can be started, as far as that can be told at once. */
  static Optional<String> obstacle() {
    return CompletableFuture.supplyAsync(
            DockerEngine::answers, task -> Thread.ofPlatform().daemon().start(task))
        .orTimeout(DEADLINE.toSeconds(), TimeUnit.SECONDS)
        .thenApply(
            answers -> answers ? Optional.<String>empty() : Optional.of("no Docker engine answers"))
        .exceptionally(DockerEngine::reason)
        .join();
  }

  private static boolean answers() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  private static Optional<String> reason(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return Optional.of(
        cause instanceof TimeoutException
            ? "no Docker engine answers within " + DEADLINE.toSeconds() + " s"
            : "no Docker engine can be asked: " + cause);
  }
}
