package io.bgfetch.worker;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.config.Version;
import io.bgfetch.egress.EgressGuard;
import io.bgfetch.kafka.TopicSizes;
import io.bgfetch.lane.LaneLayout;
import io.bgfetch.lifecycle.Assembly;
import io.bgfetch.lifecycle.Part;
import io.bgfetch.message.MessageCodec;
import io.bgfetch.seal.HeaderSeal;
import io.bgfetch.worker.coding.DecoderMemory;
import io.bgfetch.worker.fetch.BlobThreads;
import io.bgfetch.worker.fetch.FetchMeans;
import io.bgfetch.worker.fetch.OriginClient;
import io.bgfetch.worker.fetch.Traffic;
import io.bgfetch.worker.fetch.WriteBudget;
import io.bgfetch.worker.intake.ControlIntake;
import io.bgfetch.worker.intake.JobIntake;
import io.bgfetch.worker.lane.Detours;
import io.bgfetch.worker.lane.Limits;
import io.bgfetch.worker.report.KafkaNews;
import io.bgfetch.worker.report.Reports;
import io.bgfetch.worker.report.SignsOfLife;
import io.bgfetch.worker.task.TaskMeters;
import io.bgfetch.worker.task.Tasks;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The parts of one worker, wired. Made, started and stopped on the context that the worker's state
 * belongs to.
 */
final class WorkerAssembly implements Part {

  private static final Duration TICK = Duration.ofMillis(50);
  private static final Duration REPORT = Duration.ofMillis(500);
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(1);
  private static final long CONTROL_LOST_MILLIS = 5_000;
  private static final int BLOB_THREADS = 16;

  private final InstantSource clock = InstantSource.system();
  private final Tasks tasks;
  private final JobIntake jobs;
  private final WorkerHttp http;
  private final Assembly parts;

  /**
   * Wires a worker.
   *
   * @param worker its name in events, unlike that of any other
   * @param store of the bodies; closed with the worker
   */
  WorkerAssembly(
      Vertx vertx,
      Context context,
      String worker,
      WorkerSettings settings,
      TopicSizes topics,
      BlobStore store,
      PrometheusMeterRegistry registry) {
    MessageCodec codec = new MessageCodec();
    SecureRandom random = new SecureRandom();
    Traffic traffic = new Traffic();
    Limits limits =
        new Limits(new LaneLayout(topics.jobs()), settings.hostLimits(), settings.concurrency());
    KafkaNews news = new KafkaNews(vertx, settings.kafka(), worker, codec);
    OriginClient client =
        new OriginClient(
            vertx, settings.egress(), settings.concurrency(), settings.timeouts().connect());
    BlobThreads threads = new BlobThreads(vertx, worker + "-blobs", BLOB_THREADS);
    EgressGuard egress = EgressGuard.open(settings.egress().allow());
    FetchMeans means =
        new FetchMeans(
            worker,
            egress,
            new HeaderSeal(settings.sealKey(), random),
            client,
            new Detours(limits),
            store,
            threads,
            WriteBudget.ofThisProcess(),
            DecoderMemory.ofThisProcess(),
            traffic,
            news,
            "bgfetch/" + Version.current(),
            settings.timeouts(),
            clock);
    Tags tags = Tags.of("worker", worker);
    tasks = new Tasks(worker, limits, means, news, new TaskMeters(registry, tags), clock);
    Reports reports = new Reports(worker, news, tasks::progress, traffic::downloaded, clock);
    SignsOfLife signs = new SignsOfLife(worker, news, tasks::running, traffic::downloaded, clock);
    ControlIntake control =
        new ControlIntake(vertx, context, settings.kafka(), codec, tasks, clock);
    jobs =
        new JobIntake(
            vertx, context, settings.kafka(), codec, random, tasks, settings.concurrency());
    http =
        new WorkerHttp(vertx, settings.httpHost(), settings.httpPort(), registry, this::troubles);
    parts =
        new Assembly(
            List.of(
                new Closing(store),
                new Closing(egress),
                threads,
                client,
                news,
                new Ticker(vertx, REPORT, reports::send),
                new Ticker(vertx, SIGN_OF_LIFE, signs::send),
                new Ticker(vertx, TICK, this::tick),
                control,
                tasks,
                jobs,
                http));
    gauges(registry, tags, traffic);
  }

  private void gauges(PrometheusMeterRegistry registry, Tags tags, Traffic traffic) {
    registry.gauge("bgfetch.worker.running", tags, tasks, Tasks::running);
    registry.gauge("bgfetch.worker.waiting", tags, tasks, Tasks::waiting);
    registry.gauge("bgfetch.worker.held", tags, tasks, Tasks::held);
    registry.gauge("bgfetch.worker.hosts.blocked", tags, tasks, Tasks::blockedHosts);
    registry.more().counter("bgfetch.worker.downloaded.bytes", tags, traffic, Traffic::downloaded);
  }

  private void tick() {
    tasks.tick();
    jobs.tick();
  }

  private List<String> troubles() {
    List<String> found = new ArrayList<>();
    if (!jobs.joined()) {
      found.add("not yet a member of the group that shares the jobs");
    }
    if (clock.millis() - tasks.controlReadAt() > CONTROL_LOST_MILLIS) {
      found.add("orders cannot be read from Kafka");
    }
    if (tasks.suspended()) {
      found.add("the blob store takes no bytes");
    }
    return found;
  }

  /** The port of health and metrics. */
  int httpPort() {
    return http.port();
  }

  @Override
  public Future<Void> start() {
    return parts.start();
  }

  @Override
  public Future<Void> stop() {
    return parts.stop();
  }
}
