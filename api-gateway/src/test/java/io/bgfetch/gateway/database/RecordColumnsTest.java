package io.bgfetch.gateway.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.bgfetch.fetch.RecordResponse;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordColumnsTest {

  private static final RecordResponse HEAD =
      new RecordResponse("http://a.example/", true, 200, "OK", Map.of("etag", "\"1\""));

  @Test
  void keepAHeadWithTheLengthOfItsBody() {
    assertThat(kept(HEAD.ofLength(7L))).isEqualTo(HEAD.ofLength(7L));
    assertThat(kept(HEAD)).isEqualTo(HEAD);
  }

  @Test
  void readHeadsOfTheVersionBefore() {
    JsonObject older = new JsonObject(RecordColumns.response(HEAD));
    older.remove("length");

    assertThat(RecordColumns.response(older)).isEqualTo(HEAD);
  }

  private static RecordResponse kept(RecordResponse head) {
    return RecordColumns.response(new JsonObject(RecordColumns.response(head)));
  }
}
