package io.bgfetch.gateway;

import io.bgfetch.blob.BlobStore;
import io.bgfetch.blob.BlobStores;
import io.bgfetch.config.SettingException;
import io.bgfetch.gateway.api.ApiServer;
import io.bgfetch.gateway.api.FreePort;
import io.bgfetch.gateway.api.OperationResource;
import io.bgfetch.gateway.api.Resources;
import io.bgfetch.gateway.api.Resources.Calling;
import io.bgfetch.gateway.api.Resources.Following;
import io.bgfetch.gateway.api.Resources.Reading;
import io.bgfetch.gateway.api.Resources.Writing;
import io.bgfetch.gateway.api.StatsResource;
import io.bgfetch.gateway.database.Database;
import io.bgfetch.gateway.database.Registrations;
import io.bgfetch.gateway.news.Audience;
import io.bgfetch.gateway.news.AudienceEnd;
import io.bgfetch.gateway.news.NewsFeed;
import io.bgfetch.gateway.news.ShardPokes;
import io.bgfetch.gateway.orders.ControlTopic;
import io.bgfetch.gateway.orders.Orders;
import io.bgfetch.gateway.reading.BlobReads;
import io.bgfetch.gateway.reading.Bodies;
import io.bgfetch.gateway.reading.Matching;
import io.bgfetch.gateway.reading.ReaderLeases;
import io.bgfetch.gateway.reading.RecordJson;
import io.bgfetch.gateway.reading.RecordWatch;
import io.bgfetch.gateway.reading.Records;
import io.bgfetch.gateway.registering.AppearanceCheck;
import io.bgfetch.gateway.registering.Registering;
import io.bgfetch.gateway.registering.ShardOf;
import io.bgfetch.gateway.retention.Retention;
import io.bgfetch.gateway.shard.Shards;
import io.bgfetch.gateway.stats.Bookkeeping;
import io.bgfetch.gateway.stats.Stats;
import io.bgfetch.gateway.stats.Workers;
import io.bgfetch.gateway.webhook.Deliveries;
import io.bgfetch.gateway.webhook.WebhookCheck;
import io.bgfetch.gateway.webhook.WebhookSecrets;
import io.bgfetch.gateway.webhook.Webhooks;
import io.bgfetch.lifecycle.Assembly;
import io.bgfetch.lifecycle.Part;
import io.bgfetch.seal.HeaderSeal;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/** One gateway, wired. Started and stopped from one context; several may share a Vert.x. */
public final class GatewayAssembly implements Part {

  private final ApiServer server;
  private final BlobStore blobs;
  private final Assembly parts;

  public GatewayAssembly(Vertx vertx, GatewaySettings settings, PrometheusMeterRegistry metrics) {
    this.blobs = openBlobs(settings.blobs());
    Database database = new Database(vertx, settings.postgres());
    Pool pool = database.pool();
    Bookkeeping books = new Bookkeeping(vertx, pool);
    Shards shards = new Shards(vertx, pool, settings.kafka(), settings.shards(), books);
    ShardPokes pokes = new ShardPokes(vertx, settings.kafka());
    ControlTopic control = new ControlTopic(vertx, settings.kafka());
    ShardOf shardOf = new ShardOf(shards::count);
    Registering registering =
        new Registering(vertx, pool, blobs, pokes, shardOf, settings.registering());
    Registrations registrations = new Registrations(pool);
    Audience audience = new Audience();
    NewsFeed feed = new NewsFeed(vertx, settings.kafka(), pool, audience, InstantSource.system());
    Records records = new Records(pool);
    RecordWatch watch = new RecordWatch(vertx, pool, audience, settings.reading().liveReaders());
    ReaderLeases leases = new ReaderLeases(vertx, pool);
    BlobReads reads = new BlobReads(vertx, blobs);
    HeaderSeal seal = new HeaderSeal(settings.reading().key(), new SecureRandom());
    WebhookSecrets secrets = new WebhookSecrets(settings.reading().key(), new SecureRandom());
    Deliveries deliveries = new Deliveries(vertx, pool, secrets, settings.egress(), metrics);
    Resources resources =
        new Resources(
            vertx,
            new Writing(
                registering,
                new Orders(pool, control, pokes),
                new AppearanceCheck(settings.registering().limits())),
            new Reading(
                registrations,
                records,
                new Matching(records, seal),
                watch,
                new Bodies(pool, watch, leases, reads),
                new RecordJson(settings.reading().secrets())),
            new Following(audience, feed),
            new StatsResource(new Workers(pool), new Stats(pool)),
            new Calling(
                new Webhooks(pool, secrets),
                new WebhookCheck(settings.registering().limits().urlLength())),
            new OperationResource(vertx, database::ping, feed::fresh, metrics));
    this.server = new ApiServer(vertx, settings.http(), resources);
    this.parts =
        new Assembly(
            List.of(
                new FreePort(vertx, settings.http()),
                database,
                books,
                shards,
                pokes,
                control,
                registering,
                reads,
                leases,
                feed,
                new Retention(vertx, pool, blobs),
                deliveries,
                server,
                watch,
                new AudienceEnd(audience)));
  }

  private static BlobStore openBlobs(String location) {
    try {
      return BlobStores.open(location);
    } catch (IOException | IllegalArgumentException cannot) {
      throw new SettingException("BGFETCH_BLOBS", "cannot be opened: " + cannot.getMessage());
    }
  }

  /** The port that it listens on, once started. */
  public int port() {
    return server.port();
  }

  @Override
  public Future<Void> start() {
    return parts.start();
  }

  @Override
  public Future<Void> stop() {
    return parts.stop().onComplete(stopped -> blobs.close());
  }
}
