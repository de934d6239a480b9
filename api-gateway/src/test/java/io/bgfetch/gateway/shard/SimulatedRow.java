package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RegistrationResult;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A registration's row, with the rows of its records. */
final class SimulatedRow {

  final RegistrationTerms terms;
  final List<FetchRequest> requests;
  final long downloadTotal;
  final @Nullable Outcome[] outcomes;
  final @Nullable UnderWay[] underWay;
  final @Nullable String[] hosts;
  boolean paused;
  boolean deleted;
  long version = 1;
  long endVersion;
  long publishedVersion;
  int dispatched;
  int settled;
  int succeeded;
  int failed;
  long downloaded;
  long uploaded;
  FetchResult firstFailure = FetchResult.NONE;
  RegistrationResult result = RegistrationResult.NONE;
  FetchResult failureReason = FetchResult.NONE;

  SimulatedRow(RegistrationTerms terms, List<FetchRequest> requests, long downloadTotal) {
    this.terms = terms;
    this.requests = requests;
    this.downloadTotal = downloadTotal;
    this.outcomes = new Outcome[requests.size()];
    this.underWay = new UnderWay[requests.size()];
    this.hosts = new String[requests.size()];
  }

  UUID uid() {
    return terms.uid();
  }

  boolean active() {
    return result == RegistrationResult.NONE;
  }

  boolean allGet() {
    return requests.stream().allMatch(request -> request.method().equals("GET"));
  }

  RegistrationState state() {
    return new RegistrationState(
        uid(),
        paused,
        version,
        requests.size(),
        dispatched,
        settled,
        succeeded,
        failed,
        downloadTotal,
        downloaded,
        uploaded,
        firstFailure);
  }

  void raiseVersion(long now) {
    version = Math.max(version + 1, now);
  }

  void become(Decision.Change change) {
    dispatched = change.dispatched();
    settled = change.settled();
    succeeded = change.succeeded();
    failed = change.failed();
    downloaded = change.downloaded();
    uploaded = change.uploaded();
    firstFailure = change.firstFailure();
    result = change.result();
    failureReason = change.failureReason();
    version = change.version();
    if (!active()) {
      endVersion = version;
    }
  }

  void abort(long now) {
    raiseVersion(now);
    result = RegistrationResult.FAILURE;
    failureReason = FetchResult.ABORTED;
    failed = requests.size() - succeeded;
    settled = requests.size();
    endVersion = version;
  }
}
