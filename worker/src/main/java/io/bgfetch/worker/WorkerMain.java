package io.bgfetch.worker;

import io.bgfetch.config.SettingException;
import io.bgfetch.config.Settings;
import io.bgfetch.metrics.ProcessMeters;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.BindException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.LoggerFactory;

/** The process {@code bgfetch worker}, configured by its environment. */
public final class WorkerMain {

  private static final int CANNOT_START = 2;
  private static final Duration STOP_WITHIN = Duration.ofSeconds(12);
  private static final String LOGGING = "logback.configurationFile";

  private WorkerMain() {}

  /** Starts a worker that runs until the process is told to end. */
  public static void main(String[] args) {
    if (System.getProperty(LOGGING) == null) {
      System.setProperty(LOGGING, "io/bgfetch/worker/logback.xml");
    }
    try {
      run(WorkerSettings.from(Settings.ofProcess()));
    } catch (SettingException mistake) {
      giveUp(mistake);
    }
  }

  private static void run(WorkerSettings settings) {
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    ProcessMeters.bindTo(metrics);
    Vertx vertx = Vertx.vertx();
    WorkerVerticle worker = new WorkerVerticle(settings, metrics);
    vertx
        .deployVerticle(worker)
        .onSuccess(
            deployed -> {
              stopAtExit(vertx);
              say(settings, worker);
            })
        .onFailure(WorkerMain::giveUp);
  }

  private static void say(WorkerSettings settings, WorkerVerticle worker) {
    System.out.printf(
        "bgfetch worker %s is ready: %d fetches at once, health on http://%s:%d/health/ready%n",
        worker.id(), settings.concurrency(), settings.httpHost(), worker.httpPort());
  }

  private static void stopAtExit(Vertx vertx) {
    Thread hook = Thread.ofPlatform().name("bgfetch-stop").unstarted(() -> stop(vertx.close()));
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private static void stop(Future<Void> closing) {
    try {
      closing
          .toCompletionStage()
          .toCompletableFuture()
          .get(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LoggerFactory.getLogger(WorkerMain.class).atWarn().setCause(e).log("not stopped cleanly");
    }
  }

  /** One line for the operator; halting, because parts that never started cannot be stopped. */
  private static void giveUp(Throwable cause) {
    System.err.println("bgfetch worker: " + reason(cause));
    Runtime.getRuntime().halt(CANNOT_START);
  }

  private static String reason(Throwable cause) {
    return switch (cause) {
      case SettingException mistake -> String.valueOf(mistake.getMessage());
      case KafkaException kafka -> "cannot reach Kafka: " + kafka.getMessage();
      case BindException taken -> "cannot listen: " + taken.getMessage();
      default -> "cannot start: " + cause;
    };
  }
}
