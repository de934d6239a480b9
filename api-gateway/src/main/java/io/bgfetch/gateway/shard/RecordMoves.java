package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.FetchResult;
import io.bgfetch.message.ControlMessage;
import io.bgfetch.message.FetchEvent;
import io.bgfetch.message.FetchEvent.Asked;
import io.bgfetch.message.FetchEvent.Broke;
import io.bgfetch.message.FetchEvent.ResponseReady;
import io.bgfetch.message.FetchEvent.SegmentStored;
import io.bgfetch.message.FetchEvent.Settled;
import io.bgfetch.message.FetchEvent.Yielded;
import io.bgfetch.message.Task;

/** The moves of one record's life: what an event of its current task means. */
record RecordMoves(
    ActiveRegistration registration,
    InFlight record,
    Retries retries,
    Decision decision,
    long now) {

  void apply(FetchEvent.OfTask news) {
    switch (news) {
      case Asked asked -> answer(asked.task());
      case ResponseReady ready ->
          registration.become(record, record.state().answered(ready.response()));
      case SegmentStored stored ->
          registration.become(record, record.state().stored(stored.response(), stored.stored()));
      case Settled settled -> settle(settled);
      case Broke broke -> tryAgain(broke);
      case Yielded yielded -> takeBack(idOf(yielded.task()), yielded.why());
    }
  }

  /**
   * A paused registration grants nothing. A request that is not safe gets one grant ever, or with
   * {@code retry.unsafe} one an attempt, bound to its task; the same task asking again is answered
   * the same again.
   */
  private void answer(Task task) {
    if (registration.state().paused()) {
      waitAs(idOf(task), record.state().waitingGivenBack(now));
      decision.say(new ControlMessage.Drop(task));
      return;
    }
    if (!record.request.safe()) {
      if (grantedToAnother(task)) {
        decision.say(new ControlMessage.Drop(task));
        return;
      }
      registration.become(record, record.state().granted(task));
    }
    decision.say(new ControlMessage.Granted(task, now));
  }

  private boolean grantedToAnother(Task task) {
    UnderWay.Grant grant = record.state().grant();
    if (grant == null || grant.isOf(task)) {
      return false;
    }
    return !registration.terms().retry().unsafe() || grant.attempt() >= task.attempt();
  }

  private void settle(Settled settled) {
    Outcome outcome = Outcome.of(settled, record.uploadedInAll(settled.uploaded()));
    if (outcome.result() == FetchResult.DOWNLOAD_TOTAL_EXCEEDED
        || outcome.result() == FetchResult.QUOTA_EXCEEDED) {
      registration.endAtOnce(outcome.result());
    }
    end(withinDownloadTotal(outcome));
  }

  /** Success of all records means that their sum is within what the client declared. */
  private Outcome withinDownloadTotal(Outcome outcome) {
    long total = registration.state().downloadTotal();
    long sum =
        registration.state().downloaded() - record.state().downloaded() + outcome.downloaded();
    if (total == 0 || sum <= total || !outcome.result().readable()) {
      return outcome;
    }
    registration.endAtOnce(FetchResult.DOWNLOAD_TOTAL_EXCEEDED);
    return outcome.refusedAs(FetchResult.DOWNLOAD_TOTAL_EXCEEDED, tooMuch(total));
  }

  private void tryAgain(Broke broke) {
    UnderWay state =
        record.state().counted(record.state().downloaded(), record.uploadedInAll(broke.uploaded()));
    registration.become(record, state);
    RecordId id = idOf(broke.task());
    UnderWay next = state.waitingAfterFailure(now, broke.newBytes(), broke.keepStored());
    if (hasUnrepeatableGrant()) {
      end(Outcome.failed(id, FetchResult.FETCH_ERROR, broke.error(), state));
    } else if (next.tries() >= registration.terms().retry().limit()) {
      end(
          broke.fallback() == null
              ? Outcome.failed(id, FetchResult.FETCH_ERROR, broke.error(), state)
              : Outcome.of(broke.fallback(), state.uploaded()));
    } else {
      long wait = retries.waitMillis(next.tries(), broke.retryAfter());
      waitAs(id, state.waitingAfterFailure(now + wait, broke.newBytes(), broke.keepStored()));
    }
  }

  private void takeBack(RecordId id, String why) {
    if (hasUnrepeatableGrant()) {
      String error = "given back after it may have been sent: " + why;
      end(Outcome.failed(id, FetchResult.FETCH_ERROR, error, record.state()));
    } else {
      waitAs(id, record.state().waitingGivenBack(now));
    }
  }

  /** Its worker is dead, or its job is nowhere. */
  void lose(RecordId id, int lostLimit) {
    UnderWay next = record.state().waitingAfterLoss(now);
    if (hasUnrepeatableGrant()) {
      String error = "its worker was lost after it may have been sent";
      end(Outcome.failed(id, FetchResult.FETCH_ERROR, error, record.state()));
    } else if (next.lost() >= lostLimit) {
      String error = "lost " + lostLimit + " workers";
      end(Outcome.failed(id, FetchResult.FETCH_ERROR, error, record.state()));
    } else {
      waitAs(id, next);
    }
  }

  /** The registration has more bytes than it may, and this record is the one that was too much. */
  void exceed(Task task) {
    registration.endAtOnce(FetchResult.DOWNLOAD_TOTAL_EXCEEDED);
    end(
        Outcome.failed(
            idOf(task),
            FetchResult.DOWNLOAD_TOTAL_EXCEEDED,
            tooMuch(registration.state().downloadTotal()),
            record.state()));
  }

  private static String tooMuch(long downloadTotal) {
    return "more bytes than the registration's downloadTotal of " + downloadTotal;
  }

  private boolean hasUnrepeatableGrant() {
    return record.state().grant() != null && !registration.terms().retry().unsafe();
  }

  private void waitAs(RecordId id, UnderWay waiting) {
    registration.become(record, waiting);
    decision.write(id, waiting);
    registration.land(id.index());
  }

  private void end(Outcome outcome) {
    registration.settle(outcome);
    decision.end(outcome, record.inTable());
  }

  private static RecordId idOf(Task task) {
    return new RecordId(task.uid(), task.index());
  }
}
