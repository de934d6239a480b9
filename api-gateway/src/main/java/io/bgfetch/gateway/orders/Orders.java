package io.bgfetch.gateway.orders;

import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.database.Availability;
import io.bgfetch.gateway.database.StoredRegistration;
import io.bgfetch.gateway.news.ShardPokes;
import io.bgfetch.gateway.orders.OrderStore.Target;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.registering.Appearance;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.Optional;
import java.util.UUID;

/**
 * What clients order of registrations that are there. Each order is one conditional update, which
 * decides it against whatever happens at the same time; the shard then publishes what follows. An
 * order that cannot be carried out fails with a problem.
 */
public final class Orders {

  private final OrderStore store;
  private final Availability availability;
  private final ControlTopic control;
  private final ShardPokes pokes;

  public Orders(Pool pool, ControlTopic control, ShardPokes pokes) {
    this.store = new OrderStore(pool);
    this.availability = new Availability(pool);
    this.control = control;
    this.pokes = pokes;
  }

  /**
   * Ends it as aborted. True exactly once, while it is active. When it answers, either every worker
   * can know of it, or no permission from before is good any more.
   */
  public Future<Boolean> abort(String tenant, UUID uid) {
    return store
        .abort(tenant, uid)
        .compose(
            aborted ->
                aborted.isPresent()
                    ? cancel(aborted.get()).map(true)
                    : Future.succeededFuture(false));
  }

  /** Starts nothing more of it and stops what runs; answers when that is in effect, as an abort. */
  public Future<Registration> pause(String tenant, UUID uid) {
    return store
        .setPaused(tenant, uid, true)
        .onSuccess(this::poke)
        .compose(paused -> orAsItIs(paused, tenant, uid))
        .compose(
            registration ->
                registration.paused()
                    ? control.pause(uid, registration.version()).map(registration)
                    : Future.succeededFuture(registration));
  }

  /** Goes on with it. The jobs that follow are newer than the pause, so workers need no word. */
  public Future<Registration> resume(String tenant, UUID uid) {
    return store
        .setPaused(tenant, uid, false)
        .onSuccess(this::poke)
        .compose(resumed -> orAsItIs(resumed, tenant, uid));
  }

  /** Nothing was to be done: it was so before, or it may not be. */
  private Future<Registration> orAsItIs(Optional<Target> changed, String tenant, UUID uid) {
    return changed.isPresent()
        ? Future.succeededFuture(registration(changed.get()))
        : store.find(tenant, uid).map(Orders::pausable);
  }

  private static Registration pausable(Optional<Target> found) {
    Target target = there(found);
    if (!target.stored().active()) {
      throw Problem.invalidState("the registration has ended").toException();
    }
    if (!target.allGet()) {
      throw Problem.invalidState("it has requests that are not GET, and cannot be paused")
          .toException();
    }
    return registration(target);
  }

  /** Gives it another title or other icons; also after its end. */
  public Future<Registration> update(String tenant, UUID uid, Appearance appearance) {
    return (appearance.isEmpty()
            ? store.find(tenant, uid)
            : store.update(tenant, uid, appearance).onSuccess(this::poke))
        .map(Orders::there)
        .map(Orders::registration);
  }

  /** A person opened it. */
  public Future<Void> click(String tenant, UUID uid) {
    return store.click(tenant, uid).onSuccess(this::poke).map(Orders::there).mapEmpty();
  }

  /** Its records are needed no longer. */
  public Future<Registration> release(String tenant, UUID uid) {
    return availability
        .end(tenant, uid)
        .compose(
            released ->
                released.isPresent()
                    ? Future.succeededFuture(released.get().registration())
                    : store.find(tenant, uid).map(Orders::released));
  }

  private static Registration released(Optional<Target> found) {
    Target target = there(found);
    if (target.stored().active()) {
      throw Problem.invalidState("the registration is active").toException();
    }
    return registration(target);
  }

  /** Hides it from everybody; one that is active is aborted by it, with its abort event. */
  public Future<Void> delete(String tenant, UUID uid) {
    return store
        .delete(tenant, uid)
        .compose(
            deleted ->
                deleted.filter(Orders::endedNow).isPresent()
                    ? cancel(deleted.get())
                    : Future.succeededFuture());
  }

  private static boolean endedNow(Target target) {
    StoredRegistration stored = target.stored();
    Long end = stored.endVersion();
    return end != null && end == stored.registration().version();
  }

  private Future<Void> cancel(Target target) {
    poke(Optional.of(target));
    return control.cancel(target.stored().uid());
  }

  private void poke(Optional<Target> changed) {
    changed.map(Target::stored).ifPresent(stored -> pokes.changed(stored.uid(), stored.shard()));
  }

  private static Target there(Optional<Target> found) {
    return found.orElseThrow(() -> Problem.notFound("there is no such registration").toException());
  }

  private static Registration registration(Target target) {
    return target.stored().registration();
  }
}
