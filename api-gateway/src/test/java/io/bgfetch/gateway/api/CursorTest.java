package io.bgfetch.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bgfetch.gateway.problem.ProblemException;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {

  @Test
  void readsWhatItWrote() {
    UUID uid = UUID.randomUUID();

    assertThat(Cursor.uid(Cursor.of(uid))).isEqualTo(uid);
    assertThat(Cursor.index(Cursor.of(41))).isEqualTo(41);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "****", "aTp4", "aTotMQ", "dTox"})
  void refusesWhatItDidNotWrite(String cursor) {
    assertThat(
            catchThrowableOfType(ProblemException.class, () -> Cursor.index(cursor))
                .problem()
                .status())
        .isEqualTo(400);
    assertThat(
            catchThrowableOfType(ProblemException.class, () -> Cursor.uid(cursor))
                .problem()
                .status())
        .isEqualTo(400);
  }

  @Test
  void refusesThatOfAnotherList() {
    assertThat(
            catchThrowableOfType(
                ProblemException.class, () -> Cursor.index(Cursor.of(UUID.randomUUID()))))
        .isNotNull();
  }
}
