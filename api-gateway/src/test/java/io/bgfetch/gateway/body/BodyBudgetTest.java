package io.bgfetch.gateway.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bgfetch.gateway.problem.ProblemException;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {

  private final BodyBudget budget = new BodyBudget(10);

  @Test
  void isSharedByAllBodies() {
    BodyBudget.Share first = budget.share();
    BodyBudget.Share second = budget.share();
    first.take(6);
    second.take(4);

    assertThatThrownBy(() -> second.take(1))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> {
              assertThat(refused.problem().status()).isEqualTo(503);
              assertThat(refused.problem().headers()).containsKey("Retry-After");
            });
    assertThat(budget.taken()).isEqualTo(10);
  }

  @Test
  void tellsWhoCanDoWithoutThatThereIsNoRoom() {
    BodyBudget.Share share = budget.share();

    assertThat(share.offer(11)).isFalse();
    assertThat(share.offer(10)).isTrue();
    assertThat(budget.taken()).isEqualTo(10);
  }

  @Test
  void getsBackWhatAShareHadOnce() {
    BodyBudget.Share share = budget.share();
    share.take(10);

    share.close();
    share.close();

    assertThat(budget.taken()).isZero();
    budget.share().take(10);
  }
}
