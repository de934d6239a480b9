package io.bgfetch.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.gateway.news.News;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventFramesTest {

  private final EventFrames frames = new EventFrames();

  private static News news(String json) {
    return new News("default", new UUID(0, 1), News.Kind.SUCCESS, 7, json);
  }

  @Test
  void areTypeIdAndData() {
    assertThat(frames.of(news("{}"), "id").toString())
        .isEqualTo("event: backgroundfetchsuccess\nid: id\ndata: {}\n\n");
  }

  @Test
  void areEncodedOnceForReadersOneAfterTheOther() {
    News news = news("{}");

    assertThat(frames.of(news, "id")).isSameAs(frames.of(news, "id"));
  }

  @Test
  void haveTheirReadersId() {
    News news = news("{}");
    frames.of(news, "one");

    assertThat(frames.of(news, "two").toString()).contains("id: two\n");
    assertThat(frames.of(news("{1}"), "two").toString()).contains("data: {1}\n");
  }
}
