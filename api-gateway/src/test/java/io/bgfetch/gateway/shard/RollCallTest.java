package io.bgfetch.gateway.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.message.FetchEvent.Alive;
import io.bgfetch.message.FetchEvent.Registered;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RollCallTest {

  private final List<Collection<Alive>> written = new ArrayList<>();
  private Promise<Void> writing = Promise.promise();
  private final RollCall workers = new RollCall(this::write);

  private Future<Void> write(Collection<Alive> heard) {
    written.add(heard);
    writing = Promise.promise();
    return writing.future();
  }

  private static Alive alive(String worker, int running) {
    return new Alive(worker, 1, running, 0);
  }

  @Test
  void writesTheLastWordOfEachWorkerAtOnce() {
    workers.hear(List.of(alive("a", 1), new Registered(UUID.randomUUID()), alive("b", 5)), 1);
    workers.hear(List.of(alive("a", 2)), 1);

    workers.write();

    assertThat(written).hasSize(1);
    assertThat(written.getFirst()).containsExactlyInAnyOrder(alive("a", 2), alive("b", 5));
  }

  @Test
  void writesNothingOfWhoSaidNothingSince() {
    workers.hear(List.of(alive("a", 1)), 1);
    workers.write();
    writing.complete();

    workers.write();

    assertThat(written).hasSize(1);
  }

  @Test
  void waitsForTheStatementBefore() {
    workers.hear(List.of(alive("a", 1)), 1);
    workers.write();
    workers.hear(List.of(alive("a", 2)), 1);
    workers.write();
    assertThat(written).hasSize(1);

    writing.fail("Postgres is away");
    workers.write();

    assertThat(written).hasSize(2);
    assertThat(written.getLast()).containsExactly(alive("a", 2));
  }

  @Test
  void passesOverWhatWasSaidLongAgo() {
    workers.hear(List.of(alive("a", 1)), 6);
    workers.write();
    assertThat(written).isEmpty();

    workers.hear(List.of(alive("a", 1)), 5);
    workers.write();
    assertThat(written).hasSize(1);
  }
}
