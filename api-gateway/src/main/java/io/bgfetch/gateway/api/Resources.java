package io.bgfetch.gateway.api;

import io.bgfetch.gateway.database.Registrations;
import io.bgfetch.gateway.news.Audience;
import io.bgfetch.gateway.news.NewsFeed;
import io.bgfetch.gateway.orders.Orders;
import io.bgfetch.gateway.reading.Bodies;
import io.bgfetch.gateway.reading.Matching;
import io.bgfetch.gateway.reading.RecordJson;
import io.bgfetch.gateway.reading.RecordWatch;
import io.bgfetch.gateway.reading.Records;
import io.bgfetch.gateway.registering.AppearanceCheck;
import io.bgfetch.gateway.registering.Registering;
import io.bgfetch.gateway.webhook.WebhookCheck;
import io.bgfetch.gateway.webhook.Webhooks;
import io.vertx.core.Vertx;
import java.time.InstantSource;

/** The resources of the HTTP interface and which operation of the contract each one carries out. */
public final class Resources {

  private final IncomingBodies bodies;
  private final FetchesResource fetches;
  private final FetchResource fetch;
  private final OrdersResource orders;
  private final RecordsResource records;
  private final BodyResource body;
  private final RequestBodyResource requestBody;
  private final EventsResource events;
  private final StatsResource stats;
  private final WebhooksResource webhooks;
  private final OperationResource operation;
  private final Dashboard dashboard = new Dashboard();

  /**
   * What writes: a client's orders.
   *
   * @param registering new ones
   * @param orders about those that are there
   * @param appearance how they may be shown
   */
  public record Writing(Registering registering, Orders orders, AppearanceCheck appearance) {}

  /** What reads. */
  public record Reading(
      Registrations registrations,
      Records records,
      Matching matching,
      RecordWatch watch,
      Bodies bodies,
      RecordJson shown) {}

  /** What tells of changes. */
  public record Following(Audience audience, NewsFeed feed) {}

  /** Whom to call when something has happened. */
  public record Calling(Webhooks webhooks, WebhookCheck check) {}

  public Resources(
      Vertx vertx,
      Writing writing,
      Reading reading,
      Following following,
      StatsResource stats,
      Calling calling,
      OperationResource operation) {
    Registrations registrations = reading.registrations();
    this.bodies = new IncomingBodies(writing.registering().memory());
    this.fetches = new FetchesResource(writing.registering(), registrations);
    this.fetch = new FetchResource(registrations);
    this.orders = new OrdersResource(registrations, writing.orders(), writing.appearance(), bodies);
    ResponseWaits waits = new ResponseWaits(reading.watch());
    this.records = new RecordsResource(reading, waits);
    this.body = new BodyResource(registrations, waits, reading.bodies());
    this.requestBody = new RequestBodyResource(registrations, reading.bodies());
    this.events =
        new EventsResource(
            vertx, registrations, following.audience(), following.feed(), InstantSource.system());
    this.stats = stats;
    this.webhooks = new WebhooksResource(calling.webhooks(), calling.check(), bodies);
    this.operation = operation;
  }

  /** Where every body that is read as a whole is read. */
  IncomingBodies bodies() {
    return bodies;
  }

  ApiRouter routeOn(ApiRouter routes) {
    return routes
        .routeUnvalidated("register", fetches::register)
        .route("listRegistrations", Answers.ok(fetches::list))
        .route("getRegistration", fetch::get)
        .route("abort", Answers.ok(orders::abort))
        .route("pause", Answers.ok(orders::pause))
        .route("resume", Answers.ok(orders::resume))
        .routeUnvalidated("updateRegistration", Answers.ok(orders::update))
        .route("click", orders::click)
        .route("release", Answers.ok(orders::release))
        .route("deleteRegistration", orders::delete)
        .routeUnvalidated("retry", fetches::retry)
        .route("match", Answers.ok(records::match))
        .route("matchAll", Answers.ok(records::matchAll))
        .route("listRecords", Answers.ok(records::list))
        .route("getRecord", records::get)
        .route("getBody", body::get)
        .route("getRequestBody", requestBody::get)
        .route("followRegistration", events::followOne)
        .route("followAll", events::followAll)
        .route("listWorkers", Answers.ok(stats::workers))
        .route("getStats", Answers.ok(stats::stats))
        .routeUnvalidated("createWebhook", webhooks::create)
        .route("listWebhooks", Answers.ok(webhooks::list))
        .route("getWebhook", Answers.ok(webhooks::get))
        .routeUnvalidated("changeWebhook", Answers.ok(webhooks::change))
        .route("deleteWebhook", webhooks::delete)
        .route("listDeliveries", Answers.ok(webhooks::deliveries))
        .route("redeliver", webhooks::sendAgain)
        .route("live", operation::live)
        .route("ready", operation::ready)
        .route("metrics", operation::metrics)
        .route("dashboard", dashboard::page)
        .route("dashboardFile", dashboard::file);
  }
}
