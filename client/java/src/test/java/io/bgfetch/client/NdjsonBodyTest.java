package io.bgfetch.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class NdjsonBodyTest {
  @Test
  void readsTheSameInPiecesOfAnySize() throws IOException {
    for (int size = 1; size < 40; size++) {
      var body = body(List.of(FetchRequest.of("http://h/\u00fc"), FetchRequest.of("x\ny")));
      StringBuilder text = new StringBuilder();
      for (byte[] piece = body.readNBytes(size); piece.length > 0; piece = body.readNBytes(size)) {
        text.append(new String(piece, StandardCharsets.ISO_8859_1));
      }
      assertThat(text.toString().lines())
          .containsExactly(
              "{\"id\":\"x\"}", "{\"url\":\"http://h/\u00c3\u00bc\"}", "{\"url\":\"x\\ny\"}");
    }
  }

  @Test
  void asksForNoMoreThanFits() throws IOException {
    List<FetchRequest> asked = new ArrayList<>();
    Iterator<FetchRequest> endless =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public FetchRequest next() {
            asked.add(FetchRequest.of("http://h/"));
            return asked.get(asked.size() - 1);
          }
        };

    assertThat(new NdjsonBody(Json.object().put("id", "x"), endless).read(new byte[100]))
        .isEqualTo(100);
    assertThat(asked).hasSize(5);
  }

  @Test
  void isNotIdleWhileTheListTakesItsTime() throws IOException {
    List<Duration> idle = new ArrayList<>();
    NdjsonBody[] body = new NdjsonBody[1];
    Iterator<FetchRequest> slow =
        List.of(1).stream()
            .map(
                one -> {
                  idle.add(body[0].idle());
                  return FetchRequest.of("http://h/");
                })
            .iterator();
    body[0] = new NdjsonBody(Json.object(), slow);

    body[0].readAllBytes();

    assertThat(idle).containsExactly(Duration.ZERO);
    assertThat(body[0].idle()).isPositive();
  }

  private static NdjsonBody body(List<FetchRequest> requests) {
    return new NdjsonBody(Json.object().put("id", "x"), requests.iterator());
  }
}
