package io.bgfetch.worker;

import io.bgfetch.config.SettingException;
import io.bgfetch.config.Settings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The process of one worker, configured by the environment. */
public final class WorkerMain {

  /** Exit status: a setting is wrong, or a backend cannot be reached. */
  static final int USAGE = 2;

  private static final long START_WITHIN_SECONDS = 75;
  private static final long STOP_WITHIN_SECONDS = 12;

  private final PrintStream out;
  private final PrintStream err;

  private WorkerMain(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Runs until a signal ends the process. */
  public static void main(String[] args) {
    int status = new WorkerMain(System.out, System.err).run(Settings.ofProcess());
    if (status != 0) {
      System.exit(status);
    }
  }

  /** Starts the worker; 0 when it runs, and then it does so until the JVM's end. */
  private int run(Settings settings) {
    WorkerSettings read;
    try {
      read = WorkerSettings.from(settings);
    } catch (SettingException mistake) {
      err.println(mistake.getMessage());
      return USAGE;
    }
    Vertx vertx = Vertx.vertx();
    WorkerVerticle worker =
        new WorkerVerticle(read, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    try {
      await(vertx.deployVerticle(worker).toCompletionStage(), START_WITHIN_SECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      err.println("the worker cannot start: " + oneLine(failure));
      close(vertx);
      return USAGE;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(vertx), "shutdown"));
    out.printf(
        "bgfetch worker %s is ready: %d fetches at once, health on http://%s:%d/health/ready%n",
        worker.id(), read.concurrency(), read.httpHost(), worker.httpPort());
    return 0;
  }

  private static void close(Vertx vertx) {
    try {
      await(vertx.close().toCompletionStage(), STOP_WITHIN_SECONDS);
    } catch (ExecutionException | TimeoutException cannotBeHelped) {
      // the process ends either way; parts have logged what did not stop
    }
  }

  private static void await(java.util.concurrent.CompletionStage<?> stage, long seconds)
      throws ExecutionException, TimeoutException {
    try {
      var unused = stage.toCompletableFuture().get(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String oneLine(Exception failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return message.replaceAll("\\s+", " ");
  }
}
