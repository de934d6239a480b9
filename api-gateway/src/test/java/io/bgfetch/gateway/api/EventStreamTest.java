package io.bgfetch.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventStreamTest {

  private final List<Long> timers = new ArrayList<>();
  private final List<String> closings = new ArrayList<>();

  /** Of the timers that are asked for. */
  private final Vertx vertx =
      fake(
          Vertx.class,
          (method, arguments) -> {
            if (method.equals("setTimer")) {
              timers.add((Long) arguments[0]);
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

  private HttpServerResponse gone() {
    return gone;
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

  @Test
  void ofAReaderWhoIsGoneBeforeItOpensIsClosedAndSetsNoTimer() {
    EventStream stream = new EventStream(vertx, gone, news -> "id", true);

    stream.open(() -> closings.add("closed"));

    assertThat(stream.closed()).isTrue();
    assertThat(closings).containsExactly("closed");
    assertThat(timers).isEmpty();
  }
}
