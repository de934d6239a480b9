package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.message.FetchEvent;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What one step of a shard is made of: first what it wants, then what it was given. */
final class Step {

  private Step() {}

  /**
   * A record whose next try has come, by Postgres's clock.
   *
   * @param state whose {@code nextTry} is set
   * @param host of it; null in rows of a version that did not know
   */
  record Waiting(RecordId id, UnderWay state, @Nullable String host) {}

  /**
   * Whose records need not be looked for, as none may be released now.
   *
   * @param hosts that are full or blocked
   * @param registrations that have had their share
   */
  record WithoutRoom(Set<String> hosts, Set<UUID> registrations) {}

  /**
   * What the step wants to do, so that the shell can lock the rows and read the requests.
   *
   * @param uids registrations to lock
   * @param firsts which records to release for the first time, by registration
   * @param again waiting records to release again
   * @param silent records whose worker is silent or that nobody reported
   */
  record Plan(Set<UUID> uids, Map<UUID, First> firsts, List<Waiting> again, List<RecordId> silent) {
    boolean isEmpty() {
      return uids.isEmpty();
    }

    boolean releases() {
      return !firsts.isEmpty() || !again.isEmpty();
    }
  }

  /**
   * Records of one registration to release for the first time.
   *
   * @param run where they are looked for; those among them whose host has no room are passed over
   * @param most how many are released
   */
  record First(Run run, int most) {}

  /** So many records of one registration, from an index on. */
  record Run(int from, int count) {
    int to() {
      return from + count;
    }
  }

  /**
   * A stretch of a registration's records and the hosts that they name.
   *
   * @param named each with its first index, in the order of those
   */
  record Stretch(Run run, SequencedMap<String, Integer> named) {}

  /**
   * What the shell found, inside the transaction.
   *
   * @param locked the rows that are active and locked now; one that is missing has ended or is gone
   * @param requests of all records that the plan names
   * @param queue the jobs topic, where it was looked at
   * @param now Postgres's clock, in milliseconds since the epoch
   */
  record Given(
      List<FetchEvent> events,
      Plan plan,
      List<RegistrationState> locked,
      Map<RecordId, FetchRequest> requests,
      @Nullable QueueView queue,
      long now) {}
}
