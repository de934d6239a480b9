package io.bgfetch.gateway.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bgfetch.gateway.problem.ProblemException;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {

  private final BodyBudget budget = new BodyBudget(20);

  @Test
  void isSharedByAllBodies() {
    BodyBudget.Share first = budget.share("a");
    BodyBudget.Share second = budget.share("b");
    BodyBudget.Share third = budget.share("c");
    first.take(9);
    second.take(10);

    assertThatThrownBy(() -> third.take(2))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> {
              assertThat(refused.problem().status()).isEqualTo(503);
              assertThat(refused.problem().headers()).containsKey("Retry-After");
            });
    assertThat(budget.taken()).isEqualTo(19);
  }

  @Test
  void tellsWhoCanDoWithoutThatThereIsNoRoom() {
    BodyBudget.Share share = budget.share("a");

    assertThat(share.offer(11)).isFalse();
    assertThat(share.offer(10)).isTrue();
    assertThat(budget.taken()).isEqualTo(10);
  }

  @Test
  void isNeverMoreThanHalfOneTenants() {
    BodyBudget.Share share = budget.share("a");
    budget.share("a").take(6);

    assertThat(share.offer(5)).isFalse();
    assertThat(share.offer(4)).isTrue();
    assertThat(budget.share("b").offer(10)).isTrue();
  }

  @Test
  void getsBackWhatAShareHadOnce() {
    BodyBudget.Share share = budget.share("a");
    share.take(10);

    share.close();
    share.close();

    assertThat(budget.taken()).isZero();
    budget.share("a").take(10);
  }

  @Test
  void getsBackWhatIsNotNeededAnyMore() {
    BodyBudget.Share share = budget.share("a");
    share.take(10);

    share.giveBack(4);
    assertThat(budget.taken()).isEqualTo(6);

    share.close();
    share.giveBack(6);
    assertThat(budget.taken()).isZero();
  }
}
