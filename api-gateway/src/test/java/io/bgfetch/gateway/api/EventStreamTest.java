package io.bgfetch.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.gateway.news.News;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventStreamTest {

  private static final String STATE = "x".repeat(1_000);

  private final List<Long> timers = new ArrayList<>();
  private final List<String> closings = new ArrayList<>();
  private final List<String> written = new ArrayList<>();
  private Handler<Long> fired = id -> {};
  private Handler<Void> drain = nothing -> {};
  private boolean full;

  /** Of the timers that are asked for. */
  private final Vertx vertx =
      fake(
          Vertx.class,
          (method, arguments) -> {
            if (method.equals("setTimer")) {
              timers.add((Long) arguments[0]);
              fired = handler(arguments[1]);
            }
            return method.equals("setTimer") ? (Object) 1L : (Object) true;
          });

  /** Of a connection that was closed before: handlers are not called any more, writes fail. */
  private final HttpServerResponse gone =
      fake(
          HttpServerResponse.class,
          (method, arguments) ->
              switch (method) {
                case "write" -> Future.failedFuture(new IOException("closed"));
                case "writeQueueFull" -> false;
                default -> this.gone();
              });

  /** Of a reader who reads, or not while it is full. */
  private final HttpServerResponse open =
      fake(
          HttpServerResponse.class,
          (method, arguments) ->
              switch (method) {
                case "write" -> {
                  written.add(text(arguments[0]));
                  yield Future.succeededFuture();
                }
                case "end" -> {
                  closings.add("ended");
                  yield Future.succeededFuture();
                }
                case "writeQueueFull" -> full;
                case "drainHandler" -> {
                  drain = handler(arguments[0]);
                  yield this.open();
                }
                default -> this.open();
              });

  /** Shows one state each time, the version of which says how often it was asked. */
  private final class Shown implements EventStream.CatchUp {

    private int times;

    @Override
    public Future<Void> show(EventStream stream) {
      stream.show(progress(0, ++times));
      return stream.drained();
    }

    @Override
    public String idOf(News news, boolean upToDate) {
      return news.version() + (upToDate ? " up to date" : "");
    }

    @Override
    public boolean beginsWithState() {
      return false;
    }

    @Override
    public boolean isLast(News news) {
      return news.isEnd();
    }
  }

  private HttpServerResponse gone() {
    return gone;
  }

  private HttpServerResponse open() {
    return open;
  }

  private interface Answers {
    Object to(String method, Object... arguments);
  }

  private static <T> T fake(Class<T> type, Answers answers) {
    Object made =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> answers.to(method.getName(), arguments));
    return type.cast(made);
  }

  @SuppressWarnings("unchecked")
  private static <T> Handler<T> handler(Object argument) {
    return (Handler<T>) argument;
  }

  private static String text(Object written) {
    return written instanceof Buffer buffer ? buffer.toString() : written.toString();
  }

  private static News progress(long registration, long version) {
    return new News("default", new UUID(0, registration), News.Kind.PROGRESS, version, STATE);
  }

  private EventStream stream(HttpServerResponse response, EventStream.CatchUp catchUp) {
    return new EventStream(vertx, response, new EventFrames(), catchUp);
  }

  private List<String> ids() {
    return written.stream()
        .filter(frame -> frame.contains("id: "))
        .map(frame -> frame.lines().toList().get(1).substring("id: ".length()))
        .toList();
  }

  @Test
  void ofAReaderWhoIsGoneBeforeItOpensIsClosedAndSetsNoTimer() {
    EventStream stream = stream(gone, new Shown());

    stream.open(() -> closings.add("closed"));

    assertThat(stream.closed()).isTrue();
    assertThat(closings).containsExactly("closed");
    assertThat(timers).isEmpty();
  }

  @Test
  void hasACommentEveryFifteenSeconds() {
    stream(open, new Shown()).open(() -> {});
    assertThat(timers).containsExactly(15_000L);
    written.clear();

    fired.handle(1L);

    assertThat(written).containsExactly(":\n\n");
    assertThat(timers).containsExactly(15_000L, 15_000L);
  }

  @Test
  void ofASlowReaderKeepsTheLatestStateOnly() {
    EventStream stream = stream(open, new Shown());
    stream.open(() -> {});
    written.clear();

    full = true;
    for (int version = 2; version <= 10_000; version++) {
      stream.hear(progress(0, version));
    }
    full = false;
    drain.handle(null);

    assertThat(ids()).containsExactly("10000 up to date");
  }

  @Test
  void ofAReaderWhoLostNewsShowsHowThingsAreOnceItReads() {
    Shown shown = new Shown();
    EventStream stream = stream(open, shown);
    stream.open(() -> {});
    written.clear();

    full = true;
    for (int registration = 1; registration <= 1_000; registration++) {
      stream.hear(progress(registration, 7));
    }
    assertThat(shown.times).isEqualTo(1);
    full = false;
    drain.handle(null);

    assertThat(shown.times).isEqualTo(2);
    assertThat(ids()).containsExactly("2");
    stream.hear(progress(3, 8));
    assertThat(ids()).containsExactly("2", "8 up to date");
  }

  @Test
  void ofAReaderWhoLostNewsWhileItWasShownThingsShowsThemAgain() {
    Shown shown = new Shown();
    EventStream stream = stream(open, shown);
    full = true;
    stream.open(() -> {});
    for (int registration = 1; registration <= 1_000; registration++) {
      stream.hear(progress(registration, 7));
    }
    assertThat(shown.times).isEqualTo(1);

    full = false;
    drain.handle(null);

    assertThat(shown.times).isEqualTo(2);
    assertThat(ids()).containsExactly("1", "2");
  }

  /** So that what it is shown can be told in pieces that it takes. */
  @Test
  void hasNoRoomWhileOneStateWaits() {
    EventStream stream = stream(open, new Shown());
    stream.open(() -> {});
    assertThat(stream.hasRoom()).isTrue();

    full = true;
    stream.show(progress(1, 1));
    assertThat(stream.hasRoom()).isFalse();
    full = false;
    drain.handle(null);

    assertThat(stream.hasRoom()).isTrue();
  }

  @Test
  void isNotUpToDateWhileSomethingWaits() {
    EventStream stream = stream(open, new Shown());
    stream.open(() -> {});
    written.clear();

    full = true;
    stream.hear(progress(1, 7));
    stream.hear(progress(2, 8));
    full = false;
    drain.handle(null);

    assertThat(ids()).containsExactly("7", "8 up to date");
  }

  @Test
  void endsWithItsLastEvent() {
    EventStream stream = stream(open, new Shown());
    stream.open(() -> closings.add("closed"));

    stream.hear(new News("default", new UUID(0, 0), News.Kind.SUCCESS, 9, STATE));
    stream.hear(progress(0, 10));

    assertThat(ids()).endsWith("9 up to date");
    assertThat(closings).containsExactly("closed", "ended");
  }
}
