package io.bgfetch.gateway.registering;

import io.bgfetch.gateway.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done with the blob store, which blocks: it is done on threads for that. */
final class BlobWork {

  private static final Logger LOG = LoggerFactory.getLogger(BlobWork.class);

  private final WorkerExecutor blocking;

  BlobWork(WorkerExecutor blocking) {
    this.blocking = blocking;
  }

  /**
   * Does some of it. Where the store fails it is a problem of status 503: it is no failure of the
   * database, which is the other one to do I/O.
   */
  <T> Future<T> run(Callable<T> work) {
    return blocking.executeBlocking(work, false).recover(BlobWork::told);
  }

  private static <T> Future<T> told(Throwable cause) {
    if (!(cause instanceof IOException)) {
      return Future.failedFuture(cause);
    }
    LOG.atWarn().addKeyValue("reason", cause.toString()).log("the blob store does not work");
    return Future.failedFuture(
        Problem.busy("the blob store does not answer, try again").toException());
  }
}
