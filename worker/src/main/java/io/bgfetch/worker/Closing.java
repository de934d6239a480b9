package io.bgfetch.worker;

import io.bgfetch.lifecycle.Part;
import io.vertx.core.Future;

/** Something that is open already, and is closed at the end. */
record Closing(AutoCloseable resource) implements Part {

  @Override
  public Future<Void> start() {
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> stop() {
    try {
      resource.close();
      return Future.succeededFuture();
    } catch (Exception failure) {
      return Future.failedFuture(failure);
    }
  }
}
