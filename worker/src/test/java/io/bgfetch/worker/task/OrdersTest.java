package io.bgfetch.worker.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class OrdersTest {

  private final Orders orders = new Orders();
  private final UUID uid = UUID.randomUUID();

  @Test
  void cancelEveryJobOfTheirRegistration() {
    orders.cancelled(uid, 0);

    assertThat(orders.cancels(TestJobs.get(uid, 1))).isTrue();
    assertThat(orders.cancels(TestJobs.get(UUID.randomUUID(), 1))).isFalse();
  }

  @Test
  void pauseJobsThatAreOlder() {
    orders.paused(uid, 5, 0);
    orders.paused(uid, 3, 0);

    assertThat(orders.pauses(TestJobs.get(uid, 4))).isTrue();
    assertThat(orders.pauses(TestJobs.get(uid, 5))).isFalse();
  }

  @Test
  void areForgottenOnlyWhenPermissionsFromThenAreNoLongerGood() {
    orders.cancelled(uid, 0);
    orders.cancelled(UUID.randomUUID(), 2_500);
    assertThat(orders.cancels(TestJobs.get(uid, 1))).isTrue();

    orders.cancelled(UUID.randomUUID(), Orders.KEPT_FOR.toMillis() + 1);
    assertThat(orders.cancels(TestJobs.get(uid, 1))).isFalse();
    assertThat(orders.blindUntil()).isEqualTo(PermitRule.NEVER);
  }

  @Test
  void makeOlderPermissionsWorthlessWhenTheyAreTooManyToRemember() {
    for (int i = 0; i <= Orders.MOST; i++) {
      orders.cancelled(new UUID(0, i), 700);
    }

    assertThat(orders.cancels(TestJobs.get(new UUID(0, 0), 1))).isFalse();
    assertThat(orders.blindUntil()).isEqualTo(700);
  }
}
