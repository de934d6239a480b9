package io.bgfetch.gateway.registering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bgfetch.gateway.problem.Offence;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.problem.ProblemException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckedDocumentTest {

  private final Checks checks = TestSealing.checks();

  private CheckedDocument checked(Object requests) {
    JsonObject json = new JsonObject().put("id", "a").put("requests", requests);
    return CheckedDocument.of(json.toBuffer().getBytes(), checks, false);
  }

  private Problem refused(Object requests) {
    return catchThrowableOfType(ProblemException.class, () -> checked(requests)).problem();
  }

  @Test
  void takesOneRequestInsteadOfAList() {
    assertThat(batches(checked("http://a.example/")).getFirst().size()).isEqualTo(1);
    assertThat(batches(checked(new JsonObject().put("url", "http://a.example/")))).hasSize(1);
  }

  @Test
  void cutsALongListIntoBatchesWithoutALoss() {
    JsonArray urls = new JsonArray();
    for (int i = 0; i < 2_500; i++) {
      urls.add("http://a.example/" + i);
    }

    CheckedDocument document = checked(urls);

    List<RequestBatch> batches = batches(document);
    assertThat(batches).extracting(RequestBatch::firstIndex).containsExactly(0, 1000, 2000);
    assertThat(batches.getLast().nextIndex()).isEqualTo(2_500);
  }

  private static List<RequestBatch> batches(CheckedDocument document) {
    List<RequestBatch> all = new ArrayList<>();
    CheckedDocument.Batches batches = document.batches(request -> request);
    while (batches.hasNext()) {
      all.add(batches.next());
    }
    return all;
  }

  @Test
  void refusesAnEmptyList() {
    assertThat(refused(new JsonArray()).detail()).isEqualTo("requests: the list is empty");
  }

  @Test
  void namesEveryOffenderInOrder() {
    Problem problem = refused(JsonArray.of("http://a.example/", "nowhere", "http://b.example/", 5));

    assertThat(problem.offences()).extracting(Offence::index).containsExactly(1, 3);
    assertThat(problem.toJson().getJsonArray("errors").getJsonObject(1))
        .isEqualTo(
            new JsonObject()
                .put("index", 3)
                .put("name", "TypeError")
                .put("detail", "is not a URL or an object"));
  }

  @Test
  void stopsAtTheHundredthOffender() {
    JsonArray wrong = new JsonArray();
    for (int i = 0; i < 150; i++) {
      wrong.add(i);
    }

    assertThat(refused(wrong).offences()).hasSize(100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "5", "{} {}", "\"a\"", "null"})
  void refusesWhatIsNoObject(String body) {
    ProblemException refused =
        catchThrowableOfType(
            ProblemException.class,
            () -> CheckedDocument.of(Buffer.buffer(body).getBytes(), checks, false));

    assertThat(refused.problem().detail()).isEqualTo("the body is not a JSON object");
  }

  @Test
  void saysWhereItIsNoJson() {
    byte[] body = "{\"id\": \"a\",\n \"requests\": [secret]}".getBytes(StandardCharsets.UTF_8);

    ProblemException refused =
        catchThrowableOfType(ProblemException.class, () -> CheckedDocument.of(body, checks, false));

    assertThat(refused.problem().detail())
        .startsWith("the body is not JSON: line 2, column ")
        .doesNotContain("secret");
  }
}
