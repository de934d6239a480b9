package io.bgfetch.gateway.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BacklogTest {

  private final Window window = new Window(128);
  private final Tally tally = new Tally(window);
  private final Blocks blocks =
      new Blocks(new BlockPolicy(Duration.ofSeconds(1), Duration.ofMinutes(5), new Random(1)));
  private final Backlog backlog = new Backlog(new FairShares(window, tally, blocks));

  private ActiveRegistration registration(String tenant) {
    UUID uid = new UUID(0, tenant.hashCode());
    return new ActiveRegistration(
        new RegistrationTerms(uid, tenant, 0, RetryPolicy.DEFAULT, Timeouts.DEFAULT),
        new RegistrationState(uid, false, 1, 1_000, 0, 0, 0, 0, 0, 0, 0, FetchResult.NONE),
        tally,
        new Quota(Quota.UNLIMITED));
  }

  @Test
  void whoIsHeldUpDoesNotTakeTheTurnOfTheTenantBehind() {
    ActiveRegistration stuck = registration("stuck");
    ActiveRegistration next = registration("next");
    backlog.offer(stuck);
    backlog.offer(next);

    assertThat(
            backlog.share(
                (registration, granted) -> {
                  if (registration == stuck) {
                    backlog.holdUp(stuck, Set.of("silent.example:80"));
                    return 0;
                  }
                  return Integer.MAX_VALUE;
                }))
        .containsOnlyKeys(next);
  }
}
