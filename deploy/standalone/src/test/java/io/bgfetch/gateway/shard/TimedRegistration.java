package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RegistrationResult;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;

/** A registration: its row, and when what happened to it. Its records ask the hosts in turn. */
final class TimedRegistration {

  final RegistrationTerms terms;
  final List<TimedHost> hosts;
  final double registeredAt;
  final BitSet ended = new BitSet();
  RegistrationState row;
  double endedAt = Double.POSITIVE_INFINITY;

  TimedRegistration(
      UUID uid, String tenant, int shard, int records, List<TimedHost> hosts, double now) {
    this.terms = new RegistrationTerms(uid, tenant, shard, RetryPolicy.DEFAULT, Timeouts.DEFAULT);
    this.hosts = hosts;
    this.registeredAt = now;
    this.row = new RegistrationState(uid, false, 1, records, 0, 0, 0, 0, 0, 0, 0, FetchResult.NONE);
  }

  UUID uid() {
    return terms.uid();
  }

  boolean active() {
    return endedAt == Double.POSITIVE_INFINITY;
  }

  TimedHost host(int index) {
    return hosts.get(index % hosts.size());
  }

  FetchRequest request(int index) {
    return FetchRequest.get(host(index).url(index));
  }

  /** Seconds from registering to the end; infinite before. */
  double took() {
    return endedAt - registeredAt;
  }

  void end(int index) {
    if (ended.get(index)) {
      throw new AssertionError("ended twice: " + index + " of " + uid());
    }
    ended.set(index);
  }

  void become(Decision.Change change, double now) {
    row =
        new RegistrationState(
            uid(),
            false,
            change.version(),
            row.total(),
            change.dispatched(),
            change.settled(),
            change.succeeded(),
            change.failed(),
            row.downloadTotal(),
            change.downloaded(),
            change.uploaded(),
            change.firstFailure());
    if (change.result() != RegistrationResult.NONE) {
      endedAt = now;
    }
  }
}
