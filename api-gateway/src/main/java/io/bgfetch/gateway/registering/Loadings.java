package io.bgfetch.gateway.registering;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import io.vertx.core.Vertx;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Begins registrations: gives each its uid and its shard. */
final class Loadings {

  private final Vertx vertx;
  private final ShardOf shardOf;
  private final RegistrationStore store;
  private final RequestBodies bodies;
  private final NoArgGenerator uids = Generators.timeBasedEpochGenerator();

  Loadings(Vertx vertx, ShardOf shardOf, RegistrationStore store, RequestBodies bodies) {
    this.vertx = vertx;
    this.shardOf = shardOf;
    this.store = store;
    this.bodies = bodies;
  }

  /** A registration on its way into the store. Nothing of it is there yet. */
  Loading begin(String tenant, RegistrationHead head, @Nullable KeyClaim claim) {
    UUID uid = uids.generate();
    NewRegistration registration = new NewRegistration(uid, tenant, shardOf.of(uid), head, claim);
    return new Loading(vertx, registration, store, bodies);
  }
}
