package io.bgfetch.gateway.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupCommitTest {

  private static final int MOST_MEMBERS = 3;
  private static final int MOST_WAITING = 4;

  /** What was written together, and the answer that each statement waits for. */
  private final List<List<String>> statements = new ArrayList<>();

  private final List<Promise<List<String>>> answers = new ArrayList<>();
  private final GroupCommit<String, String> group =
      new GroupCommit<>(MOST_MEMBERS, MOST_WAITING, this::write);

  private Future<List<String>> write(List<String> members) {
    if (members.contains("thrown")) {
      throw new IllegalStateException("thrown");
    }
    Promise<List<String>> answer = Promise.promise();
    statements.add(members);
    answers.add(answer);
    return answer.future();
  }

  private void written(int statement) {
    answers.get(statement).complete(statements.get(statement).stream().map(m -> m + "!").toList());
  }

  @Test
  void writesAtOnceWhatComesAlone() {
    Future<String> a = group.join("a");
    assertThat(statements).containsExactly(List.of("a"));
    assertThat(a.isComplete()).isFalse();

    written(0);
    assertThat(a.result()).isEqualTo("a!");
  }

  @Test
  void writesTogetherWhatCameMeanwhileAndAnswersEach() {
    Future<String> a = group.join("a");
    Future<String> b = group.join("b");
    Future<String> c = group.join("c");
    written(0);
    assertThat(statements).containsExactly(List.of("a"), List.of("b", "c"));
    assertThat(a.isComplete()).isTrue();
    assertThat(b.isComplete()).isFalse();

    written(1);
    assertThat(b.result()).isEqualTo("b!");
    assertThat(c.result()).isEqualTo("c!");
  }

  @Test
  void takesSoManyTogetherAndNoMore() {
    List.of("a", "b", "c", "d", "e").forEach(group::join);
    written(0);
    written(1);
    assertThat(statements).containsExactly(List.of("a"), List.of("b", "c", "d"), List.of("e"));
  }

  @Test
  void refusesAtOnceWhatIsTooMuch() {
    List.of("a", "b", "c", "d", "e").forEach(group::join);
    Future<String> tooMuch = group.join("f");
    assertThat(tooMuch.cause()).isInstanceOf(ConnectionPoolTooBusyException.class);
    assertThat(PostgresFailure.isPassing(tooMuch.cause())).isTrue();

    written(0);
    assertThat(group.join("g").isComplete()).isFalse();
  }

  @Test
  void failsAllOfAStatementThatFailedAndGoesOn() {
    group.join("a");
    Future<String> b = group.join("b");
    Future<String> c = group.join("c");
    written(0);
    Future<String> d = group.join("d");
    answers.get(1).fail("away");
    assertThat(b.cause()).hasMessage("away");
    assertThat(c.cause()).hasMessage("away");

    written(2);
    assertThat(d.result()).isEqualTo("d!");
  }

  @Test
  void goesOnAfterAStatementThatCouldNotBeMade() {
    Future<String> thrown = group.join("thrown");
    Future<String> a = group.join("a");
    assertThat(thrown.cause()).hasMessage("thrown");

    written(0);
    assertThat(a.result()).isEqualTo("a!");
  }
}
