package io.bgfetch.gateway.registering;

import io.bgfetch.gateway.registering.CheckedDocument.Batches;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;

/** Where documents are parsed and checked: large ones away from the event loop. */
final class DocumentThreads {

  private static final int SMALL = 32 * 1024;

  private final Checks checks;
  private final WorkerExecutor blocking;

  DocumentThreads(Checks checks, WorkerExecutor blocking) {
    this.checks = checks;
    this.blocking = blocking;
  }

  /** Checks a document. */
  Future<CheckedDocument> check(Buffer json, boolean inForm) {
    return isSmall(json.length())
        ? Future.succeededFuture(json.getBytes())
            .map(small -> CheckedDocument.of(small, checks, inForm))
        : blocking.executeBlocking(
            () -> CheckedDocument.of(json.getBytes(), checks, inForm), false);
  }

  /** Reads the next batch of a document. */
  Future<RequestBatch> next(Batches batches) {
    return isSmall(batches.bytes())
        ? Future.succeededFuture(batches).map(Batches::next)
        : blocking.executeBlocking(batches::next, false);
  }

  private static boolean isSmall(int bytes) {
    return bytes <= SMALL;
  }
}
