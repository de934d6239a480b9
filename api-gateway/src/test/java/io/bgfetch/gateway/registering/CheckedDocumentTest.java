package io.bgfetch.gateway.registering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bgfetch.config.Settings;
import io.bgfetch.gateway.problem.Offence;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.problem.ProblemException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckedDocumentTest {

  private final RegisteringLimits limits =
      RegisteringLimits.from(Settings.of(Map.of(), new Properties()));

  private CheckedDocument checked(Object requests) {
    JsonObject json = new JsonObject().put("id", "a").put("requests", requests);
    return CheckedDocument.of(json.toBuffer(), limits);
  }

  private Problem refused(Object requests) {
    return catchThrowableOfType(ProblemException.class, () -> checked(requests)).problem();
  }

  @Test
  void takesOneRequestInsteadOfAList() {
    assertThat(checked("http://a.example/").batches().getFirst().size()).isEqualTo(1);
    assertThat(checked(new JsonObject().put("url", "http://a.example/")).batches()).hasSize(1);
  }

  @Test
  void cutsALongListIntoBatchesWithoutALoss() {
    JsonArray urls = new JsonArray();
    for (int i = 0; i < 2_500; i++) {
      urls.add("http://a.example/" + i);
    }

    CheckedDocument document = checked(urls);

    assertThat(document.batches())
        .extracting(RequestBatch::firstIndex)
        .containsExactly(0, 1000, 2000);
    assertThat(document.batches().getLast().nextIndex()).isEqualTo(2_500);
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
  @ValueSource(strings = {"", "{", "[]", "5", "{} {}", "\"a\"", "null"})
  void refusesWhatIsNoObject(String body) {
    ProblemException refused =
        catchThrowableOfType(
            ProblemException.class, () -> CheckedDocument.of(Buffer.buffer(body), limits));

    assertThat(refused.problem().detail()).isEqualTo("the body is not a JSON object");
  }
}
