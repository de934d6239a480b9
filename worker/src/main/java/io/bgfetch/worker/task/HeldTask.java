package io.bgfetch.worker.task;

import io.bgfetch.lane.LaneLayout;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchJob;
import io.bgfetch.message.Task;
import io.bgfetch.worker.fetch.RunningFetch;
import io.bgfetch.worker.lane.Flow;
import org.jspecify.annotations.Nullable;

/** One task and how far it is. Belongs to the worker's context. */
final class HeldTask {

  private final TakenJob taken;
  private final TaskPermit permit;
  private final Flow flow;
  private @Nullable RunningFetch fetch;
  private boolean givenBack;

  HeldTask(TakenJob taken, TaskPermit permit) {
    this.taken = taken;
    this.permit = permit;
    FetchJob job = taken.job();
    this.flow = new Flow(LaneLayout.hostOf(job.lane()), job.tenant(), job.uid());
  }

  FetchJob job() {
    return taken.job();
  }

  Task task() {
    return taken.task();
  }

  int partition() {
    return taken.partition();
  }

  /** How long the message of its job was. */
  int bytes() {
    return taken.bytes();
  }

  String laneHost() {
    return flow.host();
  }

  /** What it is told apart by when turns are given. */
  Flow flow() {
    return flow;
  }

  TaskPermit permit() {
    return permit;
  }

  void started(RunningFetch running) {
    fetch = running;
  }

  void tick(long now) {
    permit.reconsider();
    long blockedUntil = permit.blockedUntil();
    if (blockedUntil > now) {
      giveBack("a host that it needs is blocked", blockedUntil);
    }
    if (fetch != null) {
      fetch.tick(now);
      if (fetch.stranded(now)) {
        giveBack("no place at a host that a redirect leads to");
      }
    }
  }

  /** Ends what runs of it soon, with an event that gives it back. */
  void giveBack(String why) {
    giveBack(why, null);
  }

  private void giveBack(String why, @Nullable Long notBefore) {
    givenBack = true;
    if (fetch != null) {
      fetch.giveBack(why, notBefore);
    }
    permit.revoke();
  }

  /** Whether it was told to give itself back. */
  boolean givenBack() {
    return givenBack;
  }

  /** Ends what runs of it, silently: before its permission fails, which would be an end, too. */
  void cut() {
    if (fetch != null) {
      fetch.cut();
    }
    permit.revoke();
  }

  FetchEvent.Progress progress() {
    return fetch == null
        ? new FetchEvent.Progress(task(), false, storedBefore(), 0, 0)
        : new FetchEvent.Progress(
            task(), true, fetch.downloaded(), fetch.uploaded(), fetch.connectedMillis());
  }

  private long storedBefore() {
    FetchJob.Resume resume = job().resume();
    return resume == null ? 0 : resume.stored().size();
  }
}
