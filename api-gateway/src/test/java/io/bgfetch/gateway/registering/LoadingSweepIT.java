package io.bgfetch.gateway.registering;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.bgfetch.blob.BlobStore;
import io.bgfetch.config.Settings;
import io.bgfetch.gateway.database.Database;
import io.bgfetch.gateway.database.PostgresSettings;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@WithBackends
class LoadingSweepIT {

  private static final Settings NONE = Settings.of(Map.of(), new Properties());

  static Vertx vertx;
  static Database database;
  static WorkerExecutor threads;

  @BeforeAll
  static void start(TestBackends backends) {
    vertx = Vertx.vertx();
    threads = vertx.createSharedWorkerExecutor("sweep", 1);
    Map<String, String> settings = Map.of("BGFETCH_POSTGRES_URI", backends.freshDatabase());
    database = new Database(vertx, PostgresSettings.from(Settings.of(settings, new Properties())));
    await(database.start());
  }

  @AfterAll
  static void stop() {
    await(database.stop());
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void sql(String sql) {
    await(database.pool().query(sql).execute());
  }

  /** A blob store that is empty, and cannot delete what is stuck. */
  private static BlobStore failingOn(UUID stuck) {
    return (BlobStore)
        Proxy.newProxyInstance(
            BlobStore.class.getClassLoader(),
            new Class<?>[] {BlobStore.class},
            (proxy, method, arguments) -> {
              if (stuck.toString().equals(arguments[0])) {
                throw new IOException("stuck");
              }
              return null;
            });
  }

  @Test
  void goesOnPastAPageAndPastWhatCannotBeDeleted() {
    UUID stuck = UUID.randomUUID();
    sql("INSERT INTO loading VALUES ('%s', now() - interval '3 hours')".formatted(stuck));
    sql(
        """
        INSERT INTO loading
        SELECT gen_random_uuid(), now() - interval '2 hours' FROM generate_series(1, 150)
        """);
    Logger logger = (Logger) LoggerFactory.getLogger(LoadingSweep.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);

    RegistrationStore store = new RegistrationStore(database.pool(), RegisteringLimits.from(NONE));
    RequestBodies bodies = new RequestBodies(failingOn(stuck), threads);
    await(new LoadingSweep(vertx, store, bodies).sweep(Duration.ofHours(1)));

    logger.detachAppender(log);
    var left = await(database.pool().query("SELECT uid FROM loading").execute());
    assertThat(left).extracting(row -> row.getUUID("uid")).containsExactly(stuck);
    assertThat(List.copyOf(log.list))
        .extracting(ILoggingEvent::getMessage)
        .filteredOn(message -> message.startsWith("loadings could not be deleted"))
        .hasSize(1);
  }
}
