package io.bgfetch.worker.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WriteBudgetTest {

  private final WriteBudget budget = new WriteBudget(32 << 20);

  private long with(int bodies) {
    for (int i = 0; i < bodies; i++) {
      budget.opened();
    }
    return budget.perBody();
  }

  @Test
  void givesFewBodiesMuchAndManyLittle() {
    assertThat(with(1)).isEqualTo(WriteBudget.MOST_PER_BODY);
    assertThat(with(63)).isEqualTo((32 << 20) / 64);
    assertThat(with(10_000)).isEqualTo(WriteBudget.LEAST_PER_BODY);
  }

  @Test
  void getsBackWhatABodyHad() {
    with(64);
    for (int i = 0; i < 63; i++) {
      budget.closed();
    }

    assertThat(budget.perBody()).isEqualTo(WriteBudget.MOST_PER_BODY);
  }
}
