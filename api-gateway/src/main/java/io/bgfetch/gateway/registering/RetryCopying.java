package io.bgfetch.gateway.registering;

import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.registering.RetryStore.Page;
import io.vertx.core.Future;
import java.util.UUID;

/**
 * The copying of the failed requests of one registration to a new one, page by page: nothing of
 * them comes into memory but where their large bodies are.
 */
final class RetryCopying {

  private final RetryStore store;
  private final RequestBodies bodies;
  private final Registration source;
  private final Loading loading;
  private int copied;
  private long uploadBytes;

  RetryCopying(RetryStore store, RequestBodies bodies, Registration source, Loading loading) {
    this.store = store;
    this.bodies = bodies;
    this.source = source;
    this.loading = loading;
  }

  /** Registers them. Where that fails nothing is left behind. */
  Future<Registration> run() {
    return Future.succeededFuture(source.records().failed())
        .map(RetryCopying::requireSome)
        .compose(some -> loading.admit(0)) // before anything is copied
        .compose(room -> loading.open())
        .compose(open -> copyFrom(0))
        .compose(all -> store.source(source.tenant(), source.uid()))
        .map(RetryCopying::requireRetriable) // else some of it was gone before it was copied
        .compose(whole -> loading.register(new RequestBatch(requireSome(copied))))
        .recover(cause -> loading.abandon().transform(gone -> Future.failedFuture(cause)));
  }

  private Future<Void> copyFrom(int first) {
    if (first >= source.records().total()) {
      return Future.succeededFuture();
    }
    UUID to = loading.uid();
    return store
        .copyFailed(to, source.uid(), first, copied)
        .onSuccess(this::count)
        .compose(page -> loading.admit(uploadBytes).map(page))
        .compose(page -> bodies.copy(to, page.bodies()))
        .compose(there -> copyFrom(first + RetryStore.PAGE));
  }

  private void count(Page page) {
    copied += page.requests();
    uploadBytes += page.uploadBytes();
    loading.count(page.uploadBytes(), page.allGet());
  }

  /** Refuses a registration whose records cannot be registered again now. */
  static RetryStore.Source requireRetriable(RetryStore.Source source) {
    if (source.registration().active()) {
      throw Problem.invalidState("the registration is active").toException();
    }
    if (!source.registration().recordsAvailable()) {
      throw Problem.invalidState("the records are not available any more").toException();
    }
    return source;
  }

  /** Refuses an empty list. */
  private static int requireSome(int failed) {
    if (failed == 0) {
      throw Problem.typeError("no record failed: the list would be empty").toException();
    }
    return failed;
  }
}
