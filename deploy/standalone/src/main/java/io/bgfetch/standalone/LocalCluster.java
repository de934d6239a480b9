package io.bgfetch.standalone;

import io.bgfetch.backends.Backends;
import io.bgfetch.backends.BackendsConfig;
import io.bgfetch.cli.CommandFailure;
import io.bgfetch.config.SettingException;
import io.bgfetch.config.Settings;
import io.bgfetch.gateway.GatewayAssembly;
import io.bgfetch.gateway.GatewaySettings;
import io.bgfetch.gateway.GatewayVerticle;
import io.bgfetch.metrics.ProcessMeters;
import io.bgfetch.worker.WorkerSettings;
import io.bgfetch.worker.WorkerVerticle;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A gateway and workers in this JVM, on embedded Postgres and Kafka. */
final class LocalCluster {
  private static final Duration START_WITHIN = Duration.ofSeconds(90);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(6);

  private final URI url;
  private final String kafka;

  private LocalCluster(URI url, String kafka) {
    this.url = url;
    this.kafka = kafka;
  }

  /**
   * What is to run.
   *
   * @param settings of the gateway and of each worker, but for the addresses of the backends
   */
  record Plan(Settings settings, Path dataDir, int workers, String host, int port) {
    /**
     * Reads what it can, so that mistakes show before anything is started.
     *
     * @throws CommandFailure that names the setting which is wrong
     */
    static Plan of(Settings given, Path dataDir, int workers) {
      try {
        return read(given, dataDir, workers);
      } catch (SettingException mistake) {
        throw new CommandFailure(CommandFailure.UNUSABLE, String.valueOf(mistake.getMessage()));
      }
    }

    private static Plan read(Settings given, Path dataDir, int workers) {
      Settings settings = given.with(Map.of("BGFETCH_DATA_DIR", dataDir.toString()));
      Plan draft = new Plan(settings, dataDir, workers, "", 0);
      var unused = draft.worker("127.0.0.1:1");
      GatewaySettings gateway = draft.gateway("postgresql://u:p@127.0.0.1:1/d", "127.0.0.1:1");
      return new Plan(settings, dataDir, workers, gateway.http().host(), gateway.http().port());
    }

    /** Fails when the gateway's port is taken. */
    void requirePort(String option) {
      Ports.requireFree(option, host, port);
    }

    GatewaySettings gateway(String postgres, String kafka) {
      return GatewaySettings.from(
          settings.with(
              Map.of("BGFETCH_POSTGRES_URI", postgres, "BGFETCH_KAFKA_BOOTSTRAP_SERVERS", kafka)));
    }

    /** Health of the workers is that of this process, so their own server takes any port. */
    WorkerSettings worker(String kafka) {
      Map<String, String> own = new HashMap<>();
      own.put("BGFETCH_KAFKA_BOOTSTRAP_SERVERS", kafka);
      own.put("BGFETCH_HTTP_HOST", "127.0.0.1");
      own.put("BGFETCH_HTTP_PORT", "0");
      return WorkerSettings.from(settings.with(own));
    }
  }

  /**
   * Starts everything and returns when it is ready.
   *
   * @param owner closes it, in reverse order
   * @param log where details of a failure can be read
   * @throws CommandFailure when something does not start; what did is closed
   */
  static LocalCluster start(Plan plan, ProcessResources owner, Path log) {
    try {
      return started(plan, owner);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw StartFailure.of(e, log);
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      owner.close();
      throw StartFailure.of(e, log);
    }
  }

  private static LocalCluster started(Plan plan, ProcessResources owner)
      throws ExecutionException, InterruptedException, TimeoutException {
    Backends backends = Backends.start(new BackendsConfig(plan.dataDir()));
    owner.own(backends);
    return on(backends.postgresUri(), backends.kafkaBootstrapServers(), plan, owner);
  }

  /** The same on backends that run already. */
  static LocalCluster on(String postgres, String kafka, Plan plan, ProcessResources owner)
      throws ExecutionException, InterruptedException, TimeoutException {
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    ProcessMeters.bindTo(metrics);
    Vertx vertx = vertx(metrics);
    owner.own(() -> await(vertx.close(), STOP_WITHIN));
    GatewayAssembly gateway = new GatewayAssembly(vertx, plan.gateway(postgres, kafka), metrics);
    deploy(vertx, new GatewayVerticle(gateway), owner);
    for (int i = 0; i < plan.workers(); i++) {
      deploy(vertx, new WorkerVerticle(plan.worker(kafka), metrics), owner);
    }
    return new LocalCluster(URI.create("http://" + plan.host() + ":" + gateway.port()), kafka);
  }

  private static Vertx vertx(PrometheusMeterRegistry metrics) {
    return Vertx.builder()
        .with(new VertxOptions().setMetricsOptions(new MicrometerMetricsOptions().setEnabled(true)))
        .withMetrics(new MicrometerMetricsFactory(metrics))
        .build();
  }

  /** Undeployed one by one: what workers give back still reaches the gateway. */
  private static void deploy(Vertx vertx, Deployable verticle, ProcessResources owner)
      throws ExecutionException, InterruptedException, TimeoutException {
    String id = await(vertx.deployVerticle(verticle), START_WITHIN);
    owner.own(() -> await(vertx.undeploy(id), STOP_WITHIN));
  }

  private static <T> T await(Future<T> future, Duration deadline)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .get(deadline.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Where the gateway answers. */
  URI url() {
    return url;
  }

  /** Where subscribers find the broker, {@code host:port}. */
  String kafka() {
    return kafka;
  }
}
