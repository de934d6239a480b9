package io.bgfetch.gateway.registering;

import io.bgfetch.fetch.Registration;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Iterator;
import java.util.List;

/** The storing of a checked list that lies in memory: its batches one after the other. */
final class DocumentStoring {

  private final Loading loading;
  private final Iterator<RequestBatch> batches;
  private final RequestBatch last;
  private final Promise<Registration> promise = Promise.promise();
  private boolean done;

  DocumentStoring(Loading loading, List<RequestBatch> batches) {
    this.loading = loading.onStored(this::storeMore);
    this.batches = batches.subList(0, batches.size() - 1).iterator();
    this.last = batches.getLast();
  }

  /** Stores all of it. Where that fails nothing is left behind. */
  Future<Registration> run() {
    storeMore();
    return promise.future();
  }

  private void storeMore() {
    while (!done && loading.failure() == null && !loading.busy()) {
      if (batches.hasNext()) {
        loading.add(batches.next());
      } else {
        end();
      }
    }
    if (!done && loading.failure() != null) {
      end();
    }
  }

  private void end() {
    done = true;
    loading
        .register(last)
        .recover(cause -> loading.abandon().transform(gone -> Future.failedFuture(cause)))
        .onComplete(promise);
  }
}
