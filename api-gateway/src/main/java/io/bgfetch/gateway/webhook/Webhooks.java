package io.bgfetch.gateway.webhook;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import io.bgfetch.gateway.database.PostgresFailure;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.webhook.WebhookCheck.Change;
import io.bgfetch.gateway.webhook.WebhookCheck.NewWebhook;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The webhooks of tenants and the log of what was sent to them. Every method takes the tenant and
 * finds only what is its.
 */
public final class Webhooks {

  /** Of one tenant. */
  static final int MOST = 16;

  private static final String PLACE = "a_place_is_taken_once";

  private final Pool pool;
  private final WebhookSecrets secrets;
  private final NoArgGenerator ids = Generators.timeBasedEpochGenerator();

  public Webhooks(Pool pool, WebhookSecrets secrets) {
    this.pool = pool;
    this.secrets = secrets;
  }

  /**
   * A webhook, and its secret where that is to be told, which is once.
   *
   * @param secret that it has from now on; null where it has the one that it had
   */
  public record Told(Webhook webhook, @Nullable String secret) {}

  /** Makes one; fails with a problem where the tenant has as many as it may. */
  public Future<Told> create(String tenant, NewWebhook asked) {
    return create(tenant, asked, MOST);
  }

  /** Who tries for a place at the same time as another one tries again. */
  private Future<Told> create(String tenant, NewWebhook asked, int tries) {
    UUID id = ids.generate();
    String secret = secrets.make();
    return pool.preparedQuery(WebhookSql.CREATE)
        .execute(
            Tuple.of(tenant, id, asked.url())
                .addArrayOfString(asked.events().toArray(String[]::new))
                .addString(secrets.seal(id, secret))
                .addInteger(MOST))
        .map(
            rows ->
                first(rows)
                    .map(made -> new Told(made, secret))
                    .orElseThrow(() -> Problem.tooManyWebhooks(MOST).toException()))
        .recover(
            cause ->
                tries > 1 && PostgresFailure.isDuplicate(cause, PLACE)
                    ? create(tenant, asked, tries - 1)
                    : Future.failedFuture(cause));
  }

  /** Finds one; fails with a problem where the tenant has none of this id. */
  public Future<Webhook> find(String tenant, UUID id) {
    return pool.preparedQuery(WebhookSql.FIND)
        .execute(Tuple.of(tenant, id))
        .map(Webhooks::existing);
  }

  /**
   * Webhooks from the newest on.
   *
   * @param older only those that are older than this one
   */
  public Future<List<Webhook>> list(String tenant, UUID older, int limit) {
    return pool.preparedQuery(WebhookSql.LIST)
        .execute(Tuple.of(tenant, older, limit))
        .map(Webhooks::all);
  }

  /** Changes one; fails with a problem where the tenant has none of this id. */
  public Future<Told> change(String tenant, UUID id, Change change) {
    String secret = change.rotateSecret() ? secrets.make() : null;
    List<String> events = change.events();
    return pool.preparedQuery(WebhookSql.CHANGE)
        .execute(
            Tuple.of(tenant, id)
                .addString(change.url())
                .addArrayOfString(events == null ? null : events.toArray(String[]::new))
                .addBoolean(change.enabled())
                .addString(secret == null ? null : secrets.seal(id, secret)))
        .map(rows -> new Told(existing(rows), secret));
  }

  /** Deletes one, if it is there. */
  public Future<Void> delete(String tenant, UUID id) {
    return pool.preparedQuery(WebhookSql.DELETE).execute(Tuple.of(tenant, id)).mapEmpty();
  }

  /**
   * What was sent to a webhook and what waits for it, from the newest on.
   *
   * @param state only what is in this state, null for all
   * @param older only what is older than this one
   */
  public Future<List<LoggedDelivery>> deliveries(
      String tenant, UUID webhook, @Nullable String state, UUID older, int limit) {
    String statement =
        switch (state) {
          case null -> WebhookSql.LIST_DELIVERIES;
          case "waiting" -> WebhookSql.LIST_WAITING;
          case "delivered" -> WebhookSql.LIST_DELIVERED;
          case "failed" -> WebhookSql.LIST_FAILED;
          default -> throw Problem.badRequest("state: there is none of this name").toException();
        };
    return pool.preparedQuery(statement)
        .execute(Tuple.of(tenant, webhook, older, limit))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false).map(DeliveryRows::logged).toList());
  }

  /** Has a delivery sent once more; fails with a problem where there is none of this id. */
  public Future<LoggedDelivery> sendAgain(String tenant, UUID webhook, UUID delivery) {
    return pool.preparedQuery(WebhookSql.SEND_AGAIN)
        .execute(Tuple.of(tenant, webhook, delivery))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .findFirst()
                    .map(DeliveryRows::logged)
                    .orElseThrow(
                        () -> Problem.notFound("there is no such delivery").toException()));
  }

  private static Webhook existing(RowSet<Row> rows) {
    return first(rows)
        .orElseThrow(() -> Problem.notFound("there is no such webhook").toException());
  }

  private static Optional<Webhook> first(RowSet<Row> rows) {
    return all(rows).stream().findFirst();
  }

  private static List<Webhook> all(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false).map(DeliveryRows::webhook).toList();
  }
}
