package io.bgfetch.worker.task;

import static io.bgfetch.worker.task.PermitRule.Verdict.ASK;
import static io.bgfetch.worker.task.PermitRule.Verdict.GO;
import static io.bgfetch.worker.task.PermitRule.Verdict.HEAR_ORDERS_FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PermitRuleTest {

  private static final long NOW = 1_000_000;

  @ParameterizedTest
  @CsvSource({
    "0, 0, GO",
    "1999, 499, GO",
    "2000, 499, ASK",
    "1999, 500, HEAR_ORDERS_FIRST",
    "60000, 60000, HEAR_ORDERS_FIRST",
    "-100, 0, GO"
  })
  void judgesByTheAgeOfPermissionAndOrders(long permitted, long read, PermitRule.Verdict verdict) {
    assertThat(PermitRule.judge(NOW - permitted, NOW - read, NOW)).isEqualTo(verdict);
  }

  @Test
  void knowsThatNothingWasPermittedOrRead() {
    assertThat(PermitRule.judge(PermitRule.NEVER, NOW, NOW)).isEqualTo(ASK);
    assertThat(PermitRule.judge(NOW, PermitRule.NEVER, NOW)).isEqualTo(HEAR_ORDERS_FIRST);
    assertThat(PermitRule.judge(NOW, NOW, NOW)).isEqualTo(GO);
  }
}
