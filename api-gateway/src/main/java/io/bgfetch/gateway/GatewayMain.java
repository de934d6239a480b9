package io.bgfetch.gateway;

import io.bgfetch.config.SettingException;
import io.bgfetch.config.Settings;
import io.bgfetch.gateway.database.BackendMissingException;
import io.bgfetch.metrics.ProcessMeters;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.net.BindException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** The process {@code bgfetch gateway}, configured by its environment. */
public final class GatewayMain {

  private static final int CANNOT_START = 2;
  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(3);
  private static final String LOGGING = "logback.configurationFile";

  private GatewayMain() {}

  /** Starts a gateway that runs until the process is told to end. */
  public static void main(String[] args) {
    if (System.getProperty(LOGGING) == null) {
      System.setProperty(LOGGING, "io/bgfetch/gateway/logback.xml");
    }
    try {
      run(GatewaySettings.from(Settings.ofProcess()));
    } catch (SettingException mistake) {
      giveUp(mistake);
    }
  }

  private static void run(GatewaySettings settings) {
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    ProcessMeters.bindTo(metrics);
    Vertx vertx = vertx(metrics);
    GatewayAssembly gateway = new GatewayAssembly(vertx, settings, metrics);
    vertx
        .deployVerticle(new GatewayVerticle(gateway))
        .onSuccess(
            deployed -> {
              stopAtExit(vertx, deployed);
              say(settings, gateway);
            })
        .onFailure(GatewayMain::giveUp);
  }

  private static Vertx vertx(PrometheusMeterRegistry metrics) {
    return Vertx.builder()
        .with(new VertxOptions().setMetricsOptions(new MicrometerMetricsOptions().setEnabled(true)))
        .withMetrics(new MicrometerMetricsFactory(metrics))
        .build();
  }

  private static void say(GatewaySettings settings, GatewayAssembly gateway) {
    System.out.println(
        "bgfetch gateway is ready on http://" + settings.http().host() + ":" + gateway.port());
  }

  /** The gateway first: by itself Vert.x would take the database from under its parts. */
  private static void stopAtExit(Vertx vertx, String gateway) {
    Thread hook =
        Thread.ofPlatform()
            .name("bgfetch-stop")
            .unstarted(
                () -> {
                  await(vertx.undeploy(gateway), STOP_WITHIN);
                  await(vertx.close(), CLOSE_WITHIN); // no future of a context that ends with it
                });
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private static void await(Future<Void> stopping, Duration deadline) {
    try {
      stopping
          .toCompletionStage()
          .toCompletableFuture()
          .get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LoggerFactory.getLogger(GatewayMain.class).atWarn().setCause(e).log("not stopped cleanly");
    }
  }

  /** One line for the operator; halting, because parts that never started cannot be stopped. */
  private static void giveUp(Throwable cause) {
    System.err.println("bgfetch gateway: " + reason(cause));
    Runtime.getRuntime().halt(CANNOT_START);
  }

  private static String reason(Throwable cause) {
    return switch (cause) {
      case SettingException mistake -> String.valueOf(mistake.getMessage());
      case BackendMissingException missing -> String.valueOf(missing.getMessage());
      case BindException taken -> "cannot listen on " + taken.getMessage();
      default -> "cannot start: " + cause.toString().lines().findFirst().orElse("");
    };
  }
}
