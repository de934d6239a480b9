package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.message.FetchEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What one step of a shard is made of: first what it wants, then what it was given. */
final class Step {

  private Step() {}

  /**
   * A record whose next try has come, or will.
   *
   * @param state whose {@code nextTry} is set
   * @param due whether it has come, by Postgres's clock
   */
  record Waiting(RecordId id, UnderWay state, boolean due) {}

  /**
   * What the step wants to do, so that the shell can lock the rows and read the requests.
   *
   * @param uids registrations to lock
   * @param firsts how many records to release for the first time, by registration
   * @param again waiting records to release again
   * @param silent records whose worker is silent or that nobody reported
   */
  record Plan(Set<UUID> uids, Map<UUID, First> firsts, List<Waiting> again, List<RecordId> silent) {
    boolean isEmpty() {
      return uids.isEmpty();
    }
  }

  /**
   * Records of one registration to release for the first time: {@code count} from {@code from} on.
   */
  record First(int from, int count) {}

  /**
   * What the shell found, inside the transaction.
   *
   * @param locked the rows that are active and locked now; one that is missing has ended or is gone
   * @param requests of all records that the plan wants to release
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
