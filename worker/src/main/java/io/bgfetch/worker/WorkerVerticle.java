package io.bgfetch.worker;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.blob.BlobStores;
import io.bgfetch.kafka.TopicSizes;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One worker. Deployed on an event loop; several may be in one process. Its start waits for Kafka
 * and the topics, and fails where they do not come.
 */
public final class WorkerVerticle extends VerticleBase {

  private static final Duration KAFKA_WITHIN = Duration.ofSeconds(30);

  private final WorkerSettings settings;
  private final PrometheusMeterRegistry registry;
  private final String id =
      "worker-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  private @Nullable WorkerAssembly assembly;

  public WorkerVerticle(WorkerSettings settings, PrometheusMeterRegistry registry) {
    this.settings = settings;
    this.registry = registry;
  }

  /** Its name in events and metrics, unlike that of any other worker. */
  public String id() {
    return id;
  }

  /** The port of its health and metrics. */
  public int httpPort() {
    return assembly == null ? 0 : assembly.httpPort();
  }

  @Override
  public Future<?> start() {
    return vertx.executeBlocking(this::reachBackends).compose(this::assemble);
  }

  private Backends reachBackends() throws IOException {
    TopicSizes topics = TopicSizes.await(settings.kafka(), KAFKA_WITHIN);
    return new Backends(topics, BlobStores.open(settings.blobs()));
  }

  private Future<Void> assemble(Backends backends) {
    WorkerAssembly made =
        new WorkerAssembly(
            vertx, context, id, settings, backends.topics(), backends.store(), registry);
    return made.start().onSuccess(started -> assembly = made);
  }

  @Override
  public Future<?> stop() {
    return assembly == null ? Future.succeededFuture() : assembly.stop();
  }

  private record Backends(TopicSizes topics, BlobStore store) {}
}
