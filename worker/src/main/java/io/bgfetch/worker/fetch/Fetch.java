package io.bgfetch.worker.fetch;

import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.Task;
import io.bgfetch.url.WebUrl;
import io.bgfetch.worker.fetch.Deadlines.Phase;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at one record, from its turn to its end: permission, address, connection, redirects,
 * body. Belongs to the worker's context, and is ticked there.
 */
final class Fetch implements RunningFetch, Transfer.Owner {

  private static final int RECONNECTIONS = 3;
  private static final FetchFailure OVER =
      new FetchFailure(NetworkError.lasting("the fetch was cut"));

  private final Attempt attempt;
  private final Clearance clearance;
  private final String laneHost;
  private final Promise<Optional<FetchEvent.OfTask>> ended = Promise.promise();
  private @Nullable Transfer transfer;
  private @Nullable String detour;
  private long uploaded;
  private int reconnections;
  private boolean connected;
  private boolean secondConnection;
  private boolean over;

  /**
   * An attempt that has not begun.
   *
   * @param laneHost the host whose lane it came by
   */
  Fetch(FetchMeans means, FetchJob job, Task task, String laneHost, Clearance clearance) {
    this.attempt = Attempt.of(means, job, task);
    this.laneHost = laneHost;
    this.clearance = clearance;
  }

  @Override
  public Future<Optional<FetchEvent.OfTask>> perform() {
    Future.<Void>succeededFuture()
        .compose(begin -> hop(Hop.first(attempt.job().request(), attempt.means().seal())))
        .onComplete(this::end, this::fail);
    return ended.future();
  }

  @Override
  public void cut() {
    conclude(Optional.empty());
  }

  @Override
  public long downloaded() {
    return transfer == null ? 0 : transfer.received();
  }

  @Override
  public long uploaded() {
    return uploaded;
  }

  @Override
  public void tick(long now) {
    if (over) {
      return;
    }
    if (transfer != null) {
      transfer.tick(now);
    }
    NetworkError late = attempt.deadlines().passed(now);
    if (late != null) {
      fail(new FetchFailure(late));
    }
  }

  private Future<FetchEvent.OfTask> hop(Hop hop) {
    return place(hop)
        .compose(placed -> clearedEarly(hop))
        .compose(cleared -> addresses(hop.url()))
        .compose(addresses -> transfer(hop, addresses, 0))
        .compose(this::answered);
  }

  /** A redirect to another host needs a place there; the one before is given back first. */
  private Future<Void> place(Hop hop) {
    attempt.deadlines().enter(Phase.OURSELVES, attempt.now());
    String host = hop.url().authority();
    if (host.equals(detour) || (detour == null && host.equals(laneHost))) {
      return Future.succeededFuture();
    }
    leaveDetour();
    return host.equals(laneHost)
        ? Future.succeededFuture()
        : attempt.means().detours().enter(host).compose(entered -> entered(host));
  }

  private Future<Void> entered(String host) {
    detour = host;
    if (over) {
      leaveDetour();
      return Future.failedFuture(OVER);
    }
    return Future.succeededFuture();
  }

  private void leaveDetour() {
    if (detour != null) {
      attempt.means().detours().leave(detour);
      detour = null;
    }
  }

  /**
   * A safe request asks before it bothers the origin with a connection. The others ask when they
   * have one: their one grant must not be lost to a connection that cannot be made.
   */
  private Future<Void> clearedEarly(Hop hop) {
    return attempt.job().request().safe() ? cleared(hop) : Future.succeededFuture();
  }

  @Override
  public Future<Void> cleared(Hop hop) {
    return hop.redirects() == 0 ? clearance.firstByte() : clearance.furtherHop();
  }

  private Future<List<InetSocketAddress>> addresses(WebUrl url) {
    attempt.deadlines().enter(Phase.CONNECTION, attempt.now());
    return attempt.means().egress().resolve(url.host(), url.effectivePort());
  }

  private Future<Answer> transfer(Hop hop, List<InetSocketAddress> addresses, int at) {
    if (over) {
      return Future.failedFuture(OVER);
    }
    boolean fresh = secondConnection || !attempt.job().request().safe();
    long connectMillis = Math.max(1, attempt.deadlines().connectMillis() / (addresses.size() - at));
    Transfer next = new Transfer(attempt, this, hop, addresses.get(at), fresh, connectMillis);
    transfer = next;
    return next.run().recover(failure -> again(hop, addresses, at, next, failure));
  }

  /** What is worth a further connection within this attempt, because no request was lost. */
  private Future<Answer> again(
      Hop hop, List<InetSocketAddress> addresses, int at, Transfer broken, Throwable failure) {
    connected |= broken.connected();
    if (over) {
      return Future.failedFuture(failure);
    }
    if (!broken.connected() && at + 1 < addresses.size()) {
      return transfer(hop, addresses, at + 1);
    }
    if (broken.connected() && !broken.sent() && reconnections < RECONNECTIONS) {
      reconnections++;
      return transfer(hop, addresses, at);
    }
    if (broken.brokeUnanswered() && !secondConnection && attempt.endings().repeatable()) {
      secondConnection = true;
      return transfer(hop, addresses, at);
    }
    return Future.failedFuture(failure);
  }

  private Future<FetchEvent.OfTask> answered(Answer answer) {
    if (over) {
      return Future.failedFuture(OVER);
    }
    connected = true;
    return switch (answer) {
      case Answer.Moved moved -> hop(moved.hop());
      case Answer.Complete complete ->
          Future.succeededFuture(
              attempt.endings().answered(complete.head(), complete.body(), uploaded));
    };
  }

  @Override
  public void uploaded(long bytes) {
    uploaded += bytes;
  }

  @Override
  public void storeFailed(Throwable failure) {
    fail(failure);
  }

  private void end(FetchEvent.OfTask event) {
    conclude(Optional.of(event));
  }

  private void fail(Throwable failure) {
    Transfer last = transfer;
    boolean everConnected = connected || (last != null && last.connected());
    end(
        attempt
            .endings()
            .failed(
                failure, everConnected, last == null ? null : last.head(), downloaded(), uploaded));
  }

  private void conclude(Optional<FetchEvent.OfTask> event) {
    if (over) {
      return;
    }
    over = true;
    if (transfer != null) {
      transfer.close(OVER);
    }
    leaveDetour();
    ended.complete(event);
  }
}
