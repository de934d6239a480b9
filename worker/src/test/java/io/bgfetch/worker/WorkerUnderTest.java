package io.bgfetch.worker;

import io.bgfetch.config.Settings;
import io.bgfetch.seal.HeaderSeal;
import io.bgfetch.seal.SealKey;
import io.bgfetch.testkit.TestBackends;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A real worker on a real Kafka of its own. */
final class WorkerUnderTest implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx();
  private final KafkaSide kafka;
  private final Settings settings;
  private final HeaderSeal seal;
  private WorkerVerticle worker;
  private String deployment;

  WorkerUnderTest(TestBackends backends, Path blobs, Map<String, String> settings) {
    String servers = backends.freshKafka();
    kafka = new KafkaSide(servers);
    Map<String, String> environment = new HashMap<>();
    environment.put("BGFETCH_KAFKA_BOOTSTRAP_SERVERS", servers);
    environment.put("BGFETCH_BLOBS", "file:" + blobs);
    environment.put("BGFETCH_DATA_DIR", blobs.toString());
    environment.put("BGFETCH_EGRESS_ALLOW", "127.0.0.1");
    environment.putAll(settings);
    this.settings = Settings.of(environment, new Properties());
    this.seal = new HeaderSeal(SealKey.from(this.settings), new SecureRandom());
    start();
  }

  private void start() {
    worker =
        new WorkerVerticle(
            WorkerSettings.from(settings), new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    deployment = await(vertx.deployVerticle(worker));
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(this::ready);
  }

  /** Puts another worker in the place of this one, which stops. */
  void replace() {
    stop();
    start();
  }

  boolean ready() throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + httpPort() + "/health/ready");
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(uri).build();
      return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200;
    }
  }

  KafkaSide kafka() {
    return kafka;
  }

  /** Seals as the gateways of this worker would. */
  HeaderSeal seal() {
    return seal;
  }

  int httpPort() {
    return worker.httpPort();
  }

  String id() {
    return worker.id();
  }

  void stop() {
    if (deployment != null) {
      await(vertx.undeploy(deployment));
      deployment = null;
    }
  }

  @Override
  public void close() {
    stop();
    await(vertx.close());
    kafka.close();
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
