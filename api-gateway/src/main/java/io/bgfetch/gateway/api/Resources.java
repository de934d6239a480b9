package io.bgfetch.gateway.api;

import io.bgfetch.gateway.database.Registrations;
import io.bgfetch.gateway.news.Audience;
import io.bgfetch.gateway.news.NewsFeed;
import io.bgfetch.gateway.orders.Aborting;
import io.bgfetch.gateway.reading.Bodies;
import io.bgfetch.gateway.reading.Records;
import io.bgfetch.gateway.registering.Registering;
import io.vertx.core.Vertx;
import java.time.InstantSource;

/** The resources of the HTTP interface and which operation of the contract each one carries out. */
public final class Resources {

  private final FetchesResource fetches;
  private final FetchResource fetch;
  private final RecordsResource records;
  private final BodyResource body;
  private final EventsResource events;
  private final OperationResource operation;

  /**
   * What writes: a client's orders.
   *
   * @param registering new ones
   * @param aborting active ones
   */
  public record Writing(Registering registering, Aborting aborting) {}

  /** What reads. */
  public record Reading(Registrations registrations, Records records, Bodies bodies) {}

  /** What tells of changes. */
  public record Following(Audience audience, NewsFeed feed) {}

  public Resources(
      Vertx vertx,
      Writing writing,
      Reading reading,
      Following following,
      OperationResource operation) {
    Registrations registrations = reading.registrations();
    this.fetches = new FetchesResource(writing.registering(), registrations);
    this.fetch = new FetchResource(registrations, writing.aborting());
    this.records = new RecordsResource(registrations, reading.records());
    this.body = new BodyResource(registrations, reading.bodies());
    this.events =
        new EventsResource(
            vertx, registrations, following.audience(), following.feed(), InstantSource.system());
    this.operation = operation;
  }

  ApiRouter routeOn(ApiRouter routes) {
    return routes
        .routeUnvalidated("register", fetches::register)
        .route("listRegistrations", Answers.ok(fetches::list))
        .route("getRegistration", fetch::get)
        .route("abort", Answers.ok(fetch::abort))
        .routeUnvalidated("retry", fetches::retry)
        .route("match", Answers.ok(records::match))
        .route("matchAll", Answers.ok(records::matchAll))
        .route("listRecords", Answers.ok(records::list))
        .route("getRecord", Answers.ok(records::get))
        .route("getBody", body::get)
        .route("followRegistration", events::followOne)
        .route("followAll", events::followAll)
        .route("live", operation::live)
        .route("ready", operation::ready)
        .route("metrics", operation::metrics);
  }
}
