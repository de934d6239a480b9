package io.bgfetch.gateway.shard;

import io.bgfetch.blob.StoredBody.Inline;
import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.RedirectMode;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** What people want: registrations of two tenants, and what they order about them. */
final class SimulatedClients {

  private static final int MOST_RECORDS = 10;

  private final SimulatedCluster cluster;
  private final RandomGenerator random;
  private int uids;

  SimulatedClients(SimulatedCluster cluster) {
    this.cluster = cluster;
    this.random = cluster.random;
  }

  /** Plans what happens in the next {@code millis}. */
  void begin(int millis) {
    int registrations = 3 + random.nextInt(6);
    for (int i = 0; i < registrations; i++) {
      long at = random.nextInt(millis * 3 / 4);
      SimulatedRow row = registration();
      cluster.schedule.after(at, () -> cluster.anyGateway().register(row));
      for (int orders = random.nextInt(5); orders > 0; orders--) {
        cluster.schedule.after(at + random.nextInt(millis / 4), () -> order(row));
      }
    }
  }

  private SimulatedRow registration() {
    boolean safe = random.nextInt(3) > 0;
    boolean kills = cluster.faults.strikes(Fault.JOB_KILLS_WORKER);
    int records = 1 + random.nextInt(MOST_RECORDS);
    int poison = kills ? random.nextInt(records) : -1;
    List<FetchRequest> requests = new ArrayList<>();
    for (int i = 0; i < records; i++) {
      String url =
          "http://" + SimulatedOrigin.HOSTS.get(random.nextInt(SimulatedOrigin.HOSTS.size())) + "/";
      String path = i == poison ? "poison" : random.nextInt(8) == 0 ? "missing" : "file";
      requests.add(safe || random.nextBoolean() ? FetchRequest.get(url + path) : post(url + path));
    }
    UUID uid = new UUID(7L, (++uids * 0x9E3779B97F4A7C15L));
    Set<Integer> statuses = random.nextBoolean() ? Set.of(SimulatedOrigin.BUSY) : Set.of();
    RetryPolicy retry = new RetryPolicy(1 + random.nextInt(4), statuses, random.nextInt(4) == 0);
    long downloadTotal = random.nextInt(5) == 0 ? 1 + random.nextInt(100) : 0;
    return new SimulatedRow(
        new RegistrationTerms(
            uid,
            random.nextBoolean() ? "one" : "other",
            random.nextInt(SimulatedCluster.SHARDS),
            retry,
            Timeouts.DEFAULT),
        requests,
        downloadTotal);
  }

  private static FetchRequest post(String url) {
    return new FetchRequest(
        url, "POST", Map.of(), Map.of(), new Inline(new byte[3]), RedirectMode.FOLLOW, null);
  }

  private void order(SimulatedRow row) {
    SimulatedGateway gateway = cluster.anyGateway();
    UUID uid = row.uid();
    switch (random.nextInt(10)) {
      case 0, 1 -> gateway.abort(uid);
      case 2 -> gateway.delete(uid);
      case 3, 4, 5 -> {
        gateway.pause(uid);
        cluster.schedule.after(random.nextInt(8_000), () -> cluster.anyGateway().resume(uid));
      }
      default -> gateway.retitle(uid);
    }
  }
}
