package io.bgfetch.gateway.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.fetch.FetchRequest;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FairSharesTest {

  private static final int WINDOW = 128;
  private static final String HOST = "origin.example:80";

  private final Window window = new Window(WINDOW);
  private final Tally tally = new Tally(window);
  private final Blocks blocks =
      new Blocks(new BlockPolicy(Duration.ofSeconds(1), Duration.ofMinutes(5), new Random(1)));
  private final FairShares shares = new FairShares(window, tally, blocks);
  private int uids;
  private int records;

  private ActiveRegistration registration(String tenant) {
    UUID uid = new UUID(0, ++uids);
    return new ActiveRegistration(
        new RegistrationTerms(uid, tenant, 0, RetryPolicy.DEFAULT, Timeouts.DEFAULT),
        new RegistrationState(uid, false, 1, 1_000, 0, 0, 0, 0, 0, 0, 0, FetchResult.NONE),
        tally,
        new Quota(Quota.UNLIMITED));
  }

  private void waits(ActiveRegistration registration, int more) {
    for (int i = 0; i < more; i++) {
      FetchRequest request = FetchRequest.get("http://host" + ++records + ".example/");
      registration.fly(
          records,
          new InFlight(request, UnderWay.FIRST_ATTEMPT, false, 0, new Barrier.Producing()));
    }
  }

  /** Takes all that it may have; answers how much that was. */
  private int fill(ActiveRegistration registration) {
    int share = shares.of(registration, 0);
    waits(registration, share);
    return share;
  }

  @Test
  void aRegistrationThatIsAloneMayHaveMoreThanHalf() {
    ActiveRegistration alone = registration("tenant");

    assertThat(fill(alone)).isEqualTo(73);
    assertThat(shares.of(alone, 0)).isZero();
  }

  @Test
  void theNextRegistrationOfTheTenantFindsWhatIsLeftToIt() {
    fill(registration("tenant"));

    assertThat(shares.of(registration("tenant"), 0)).isPositive();
  }

  @Test
  void aTenantHasNoMoreThanTwoThirdsHoweverManyRegistrationsItHas() {
    for (int i = 0; i < 100; i++) {
      fill(registration("tenant"));
    }

    assertThat(tally.waiting()).isBetween(WINDOW * 2 / 3 - 1, WINDOW * 2 / 3 + 1);
    assertThat(shares.isLeftTo("tenant")).isFalse();
  }

  @Test
  void theNextTenantFindsRoomAtOnce() {
    for (int i = 0; i < 100; i++) {
      fill(registration("tenant"));
    }

    assertThat(shares.of(registration("next"), 0)).isGreaterThan(WINDOW / 8);
  }

  @Test
  void whoHasNothingMayHaveTheLastSlot() {
    for (int i = 0; shares.free() > 1; i++) {
      waits(registration("tenant-" + i), 1);
    }

    assertThat(shares.of(registration("next"), 0)).isOne();
    assertThat(shares.of(HOST)).isOne();
  }

  @Test
  void aHostMayHaveHalf() {
    assertThat(shares.of(HOST)).isEqualTo(WINDOW / 2);

    ActiveRegistration one = registration("tenant");
    shares.give(one, WINDOW / 2);
    shares.give(one, HOST, WINDOW / 2);
    assertThat(shares.of(HOST)).isZero();
    assertThat(shares.of("other.example:80")).isPositive();
  }

  @Test
  void whoeverFillsAHostLeavesRoomAtItForSomebodyNew() {
    ActiveRegistration big = registration("big");
    for (int more = shares.of(big, HOST); more > 0; more = shares.of(big, HOST)) {
      shares.give(big, more);
      shares.give(big, HOST, more);
    }

    assertThat(shares.of(big, HOST)).isZero();
    assertThat(shares.of(registration("big"), HOST)).isPositive();
    assertThat(shares.of(registration("small"), HOST)).isGreaterThan(8);
  }

  @Test
  void aHostThatNeverAnswersHasNothingOfWhatOthersAreWorth() {
    for (int i = 0; i < 1_000; i++) {
      window.settled("busy.example:80");
    }

    assertThat(shares.of("silent.example:80")).isEqualTo(WINDOW / 2);
    assertThat(shares.of("busy.example:80")).isEqualTo((WINDOW + 1_000) / 2);
  }

  @Test
  void whatIsHandedOutCountsUntilTheNextStepBegins() {
    ActiveRegistration one = registration("tenant");
    shares.give(one, 60);

    assertThat(shares.of(one, 60)).isEqualTo(13);
    shares.begin();
    assertThat(shares.of(one, 0)).isEqualTo(73);
  }

  @Test
  void aBlockedHostHasNoRoom() {
    blocks.read(Map.of(HOST, new HostBlock(2_000, 1, 12_000)), 1_000);

    assertThat(shares.of(HOST)).isZero();
    assertThat(shares.hostsWithoutRoom()).containsExactly(HOST);
    blocks.at(2_000);
    assertThat(shares.of(HOST)).isPositive();
    assertThat(shares.hostsWithoutRoom()).isEmpty();
  }

  @Test
  void whatStartedOrEndedTakesNoSlot() {
    ActiveRegistration one = registration("tenant");
    waits(one, 2);
    InFlight first = one.inFlight().get(1);

    one.started(first, true);
    assertThat(tally.waiting()).isOne();
    assertThat(tally.waitingOf("tenant")).isOne();
    assertThat(tally.waitingFor(first.host)).isZero();
    one.started(first, false);
    assertThat(tally.waitingFor(first.host)).isOne();
    one.landAll();
    assertThat(tally.waiting()).isZero();
    assertThat(tally.hosts()).isEmpty();
  }
}
