package io.bgfetch.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreferredWaitTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          wait=30                       | 30
          WAIT = 5                      | 5
          wait=0                        | 0
          wait="7"                      | 7
          wait=60                       | 60
          wait=61                       | 60
          wait=99999999999999999999     | 60
          respond-async, wait=10        | 10
          a="b, wait=1", wait=2; c=d    | 2
          a="\\", wait=1", wait=2       | 2
          a; wait=1, wait=3             | 3
          wait=4, wait=9                | 4
          """)
  void isTheFirstOneInSecondsAndAtMostAMinute(String field, int seconds) {
    assertThat(PreferredWait.seconds(List.of(field))).contains(seconds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "wait", "wait=", "wait=x", "wait=-1", "wait=1.5", "wait=\"", "waiting=5", "a"})
  void isNoneWhereItCannotBeRead(String field) {
    assertThat(PreferredWait.seconds(List.of(field))).isEmpty();
  }

  @Test
  void mayStandInAnyField() {
    assertThat(PreferredWait.seconds(List.of("return=minimal", "wait=8"))).contains(8);
    assertThat(PreferredWait.seconds(List.of())).isEmpty();
  }
}
