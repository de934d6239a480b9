package io.bgfetch.gateway;

import io.bgfetch.config.Settings;
import io.bgfetch.kafka.TopicCreation;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;

/** A whole gateway on real backends, and a client of it. */
public final class RunningGateway implements AutoCloseable {

  public static final int SHARDS = 4;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String postgresUri;
  private final GatewayAssembly gateway;
  private String deployment;

  private RunningGateway(String postgresUri, GatewaySettings settings) {
    this.postgresUri = postgresUri;
    this.gateway =
        new GatewayAssembly(vertx, settings, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
  }

  public static RunningGateway start(String postgresUri, String kafka, Path data) {
    return start(postgresUri, kafka, data, Map.of());
  }

  public static RunningGateway start(
      String postgresUri, String kafka, Path data, Map<String, String> settings) {
    createTopics(kafka);
    Map<String, String> all = new HashMap<>();
    all.put("BGFETCH_POSTGRES_URI", postgresUri);
    all.put("BGFETCH_KAFKA_BOOTSTRAP_SERVERS", kafka);
    all.put("BGFETCH_HTTP_PORT", "0");
    all.put("BGFETCH_SHARDS", Integer.toString(SHARDS));
    all.put("BGFETCH_DATA_DIR", data.toString());
    all.putAll(settings);
    RunningGateway running =
        new RunningGateway(postgresUri, GatewaySettings.from(Settings.of(all, new Properties())));
    running.deployment = await(running.vertx.deployVerticle(new GatewayVerticle(running.gateway)));
    return running;
  }

  private static void createTopics(String kafka) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
      new TopicCreation(SHARDS, 4, (short) 1).ensure(admin, PATIENCE);
    }
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + gateway.port() + path);
  }

  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).timeout(PATIENCE);
  }

  public HttpResponse<String> send(HttpRequest request) {
    return send(request, BodyHandlers.ofString());
  }

  public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return http.send(request, handler);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public HttpResponse<String> get(String path) {
    return send(request(path).build());
  }

  public HttpResponse<String> post(String path, String type, String body) {
    return send(
        request(path).header("Content-Type", type).POST(BodyPublishers.ofString(body)).build());
  }

  public HttpResponse<String> register(JsonObject registration) {
    return post("/v1/fetches", "application/json", registration.encode());
  }

  /** Registers some URLs and gives the uid. */
  public String registered(String id, Object requests) {
    HttpResponse<String> answer =
        register(new JsonObject().put("id", id).put("requests", requests));
    if (answer.statusCode() != 201) {
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
    return new JsonObject(answer.body()).getString("uid");
  }

  public static JsonObject json(HttpResponse<String> answer) {
    return new JsonObject(answer.body());
  }

  /** Runs SQL in the gateway's database, as the shards would. */
  public void sql(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The one number that a query gives. */
  public long number(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The first column of every row that a query gives. */
  public List<String> texts(String sql) {
    List<String> texts = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private Connection connect() throws SQLException {
    URI uri = URI.create(postgresUri);
    String[] user = uri.getUserInfo().split(":", 2);
    return DriverManager.getConnection(
        "jdbc:postgresql://" + uri.getHost() + ":" + uri.getPort() + uri.getPath(),
        user[0],
        user[1]);
  }

  private static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stops it as a process does that is told to end. */
  public void stop() {
    await(vertx.undeploy(deployment));
    close();
  }

  /** Takes everything away from it at once. */
  @Override
  public void close() {
    await(vertx.close());
    http.close();
  }
}
