package io.bgfetch.gateway.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.message.ControlMessage.Block;
import io.bgfetch.message.FetchEvent.Refused;
import io.bgfetch.message.Task;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlocksTest {

  private static final String HOST = "origin.example:443";
  private static final Duration BASE = Duration.ofSeconds(1);
  private static final Duration CAP = Duration.ofMinutes(5);
  private static final long START = 1_000_000;

  private final Random random = new Random(1);
  private Blocks blocks = blocks();
  private Decision decision = new Decision();
  private long now = START;

  private Blocks blocks() {
    return new Blocks(new BlockPolicy(BASE, CAP, random));
  }

  /** A request that was sent just now is refused. */
  private long refuse(@Nullable Long retryAfter) {
    return refuse(retryAfter, now);
  }

  /** Answers how much longer the host is left alone. */
  private long refuse(@Nullable Long retryAfter, long sentAt) {
    decision = new Decision();
    blocks.at(now);
    Task task = new Task(UUID.randomUUID(), 0, 1, "token");
    blocks.refused(new Refused("worker", task, HOST, 429, retryAfter, sentAt), decision);
    return left();
  }

  private long left() {
    return Math.max(0, blocks.until(HOST) - now);
  }

  private void pass(long millis) {
    now += millis;
    blocks.at(now);
  }

  private void answer(int status) {
    String url = "https://origin.example/a?b";
    blocks.answered(new RecordResponse(url, false, status, "", Map.of()));
  }

  /** Blocks it so often in a row. */
  private void blockOften(int times) {
    for (int i = 0; i < times; i++) {
      pass(left());
      refuse(0L);
    }
  }

  @Nested
  class WithRetryAfter {

    @Test
    void oneRefusalBlocksForAsLongAsTheHostAsked() {
      assertThat(refuse(2_000L)).isEqualTo(2_000);

      assertThat(blocks.active()).containsExactly(new Block(HOST, START + 2_000));
      assertThat(decision.blocks()).containsOnlyKeys(HOST);
    }

    @Test
    void theBlockEndsWhenItsTimeHasCome() {
      refuse(2_000L);

      pass(1_999);
      assertThat(blocks.until(HOST)).isEqualTo(START + 2_000);
      pass(1);
      assertThat(blocks.until(HOST)).isZero();
      assertThat(blocks.active()).isEmpty();
    }

    @Test
    void noBlockIsLongerThanTheCap() {
      assertThat(refuse(86_400_000L)).isEqualTo(CAP.toMillis());
      assertThat(refuse(Long.MAX_VALUE)).isEqualTo(CAP.toMillis());
    }

    @Test
    void theBlockIsAtLeastAsLongAsTheBackOff() {
      blockOften(4);

      pass(left());
      assertThat(refuse(100L)).isBetween(8_000L, 16_000L);
    }

    @Test
    void aLongerOneExtendsTheBlock() {
      refuse(2_000L);
      pass(500);

      assertThat(refuse(5_000L)).isEqualTo(5_000);
      assertThat(decision.blocks()).containsOnlyKeys(HOST);
    }

    @Test
    void aShorterOneDoesNotShortenIt() {
      refuse(5_000L);
      pass(500);

      assertThat(refuse(1_000L)).isEqualTo(4_500);
      assertThat(decision.blocks()).isEmpty();
    }
  }

  @Nested
  class WithoutRetryAfter {

    @Test
    void severalRefusalsInARowBlock() {
      assertThat(refuse(null)).isZero();
      assertThat(refuse(null)).isZero();
      assertThat(decision.blocks()).isEmpty();
      assertThat(refuse(null)).isBetween(500L, 1_000L);
      assertThat(decision.blocks()).containsOnlyKeys(HOST);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 302, 404, 500})
    void anyOtherAnswerBetweenBeginsTheRowAnew(int status) {
      refuse(null);
      refuse(null);
      answer(status);

      assertThat(refuse(null)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void aRefusalThatARecordEndsAsDoesNotBeginTheRowAnew(int status) {
      refuse(null);
      refuse(null);
      answer(status);

      assertThat(refuse(null)).isPositive();
    }

    @Test
    void aBlockBeginsTheRowAnew() {
      refuse(null);
      refuse(null);
      refuse(null);
      pass(left());

      assertThat(refuse(null)).isZero();
      assertThat(refuse(null)).isZero();
      assertThat(refuse(null)).isPositive();
    }
  }

  @Nested
  class InARow {

    @ParameterizedTest
    @CsvSource({"1, 1000", "2, 2000", "3, 4000", "8, 128000", "10, 300000", "50, 300000"})
    void blocksDoubleUpToTheCapWithJitter(int level, long most) {
      long[] lengths =
          LongStream.range(0, 300)
              .map(
                  i -> {
                    blocks = blocks();
                    blockOften(level);
                    return left();
                  })
              .toArray();

      assertThat(LongStream.of(lengths).max().orElseThrow()).isBetween(most * 9 / 10, most);
      assertThat(LongStream.of(lengths).min().orElseThrow()).isBetween(most / 2, most * 6 / 10);
    }

    @Test
    void refusalsOfRequestsThatWereUnderWayCountOnce() {
      long sent = now;
      pass(100);
      for (int i = 0; i < 64; i++) {
        refuse(0L, sent);
      }

      pass(left());
      refuse(0L, sent);
      assertThat(left()).isZero();
      assertThat(refuse(0L)).isBetween(1_000L, 2_000L);
    }

    @Test
    void quietTimeForgivesOneLevelAfterTheOther() {
      blockOften(3);
      pass(left() + 2 * 10_000);

      assertThat(refuse(0L)).isBetween(1_000L, 2_000L);
    }

    @Test
    void thereIsNothingToForgiveOnceAllIsForgiven() {
      blockOften(3);
      HostBlock last = decision.blocks().get(HOST);
      assertThat(last.forgivenAt()).isEqualTo(last.until() + 3 * 10_000);

      pass(left() + 10 * 10_000);
      assertThat(refuse(0L)).isBetween(500L, 1_000L);
    }
  }

  @Nested
  class FromPostgres {

    @Test
    void isKnownWhatAnotherShardDecided() {
      blocks.read(Map.of(HOST, new HostBlock(START + 7_000, 4, START + 47_000)), START);

      assertThat(left()).isEqualTo(7_000);
      pass(left());
      assertThat(refuse(0L)).isBetween(8_000L, 16_000L);
    }

    @Test
    void isForgottenWhatIsNotThereAnyMore() {
      refuse(5_000L);

      blocks.read(Map.of(), now);

      assertThat(left()).isZero();
    }
  }
}
