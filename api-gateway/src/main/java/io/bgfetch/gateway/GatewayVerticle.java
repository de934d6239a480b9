package io.bgfetch.gateway;

import io.bgfetch.lifecycle.Part;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** A gateway as a unit of deployment: what it is given runs while it is deployed. */
public final class GatewayVerticle extends VerticleBase {

  private final Part gateway;

  public GatewayVerticle(Part gateway) {
    this.gateway = gateway;
  }

  @Override
  public Future<?> start() {
    return gateway.start();
  }

  @Override
  public Future<?> stop() {
    return gateway.stop();
  }
}
