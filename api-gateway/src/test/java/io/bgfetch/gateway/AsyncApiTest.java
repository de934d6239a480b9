package io.bgfetch.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.bgfetch.gateway.api.Resources;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class AsyncApiTest {

  private static AsyncApi api;

  @BeforeAll
  static void read() throws IOException {
    api = AsyncApi.read();
  }

  @Test
  void showsRegistrationsAsTheHttpInterfaceDoes() throws IOException {
    try (InputStream openapi = Resources.class.getResourceAsStream("openapi.yaml")) {
      JsonNode http = new YAMLMapper().readTree(openapi).at("/components/schemas");

      JsonNode schemas = api.document().at("/components/schemas");
      assertThat(schemas.get("Registration")).isEqualTo(http.get("Registration"));
      assertThat(schemas.get("Icon")).isEqualTo(http.get("Icon"));
    }
  }

  @Test
  void hasExamplesThatAreValid() {
    JsonNode example = api.document().at("/components/messages/success/examples/0");

    assertThat(api.errorsOfPayload("success", example.get("payload"))).isEmpty();
    assertThat(api.errorsOfHeaders("success", example.get("headers"))).isEmpty();
    assertThat(api.errorsOfPayload("abort", example.get("payload"))).isNotEmpty();
    assertThat(api.errorsOfHeaders("abort", example.get("headers"))).isNotEmpty();
  }

  /** By the JSON schema that the AsyncAPI initiative publishes, as its package for npm has it. */
  @Nested
  class ByTheOfficialSchema {

    private static final String PACKAGE = "@asyncapi/specs";
    private static final String VERSION = "6.11.1";

    private static JsonSchema official;

    @BeforeAll
    static void install() throws Exception {
      assumeThat(hasNpm()).as("npm is there").isTrue();
      Path folder = Path.of("target", "asyncapi-" + VERSION);
      Path schema = folder.resolve("node_modules/" + PACKAGE + "/schemas/3.0.0.json");
      if (!Files.exists(schema)) {
        npmInstall(Files.createDirectories(folder));
      }
      official =
          JsonSchemaFactory.getInstance(VersionFlag.V7)
              .getSchema(new YAMLMapper().readTree(schema.toFile()));
    }

    private static boolean hasNpm() throws InterruptedException {
      try {
        return new ProcessBuilder("npm", "--version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor()
            == 0;
      } catch (IOException absent) {
        return false;
      }
    }

    private static void npmInstall(Path folder) throws IOException, InterruptedException {
      File log = folder.resolve("npm.log").toFile();
      Process npm =
          new ProcessBuilder(
                  "npm",
                  "install",
                  "--no-save",
                  "--no-package-lock",
                  "--ignore-scripts",
                  "--no-audit",
                  "--no-fund",
                  "--prefix",
                  folder.toString(),
                  PACKAGE + "@" + VERSION)
              .redirectErrorStream(true)
              .redirectOutput(log)
              .start();
      boolean ended = npm.waitFor(2, TimeUnit.MINUTES);
      npm.destroyForcibly();
      assertThat(ended && npm.exitValue() == 0)
          .as(() -> "npm install of %s: %s".formatted(PACKAGE, text(log)))
          .isTrue();
    }

    private static String text(File log) {
      try {
        return Files.readString(log.toPath());
      } catch (IOException unreadable) {
        return unreadable.toString();
      }
    }

    @Test
    void isValid() {
      assertThat(official.validate(api.document())).isEmpty();
    }

    @Test
    void isNotValidOnceAnOperationLosesItsChannel() {
      ObjectNode broken = api.document();
      ((ObjectNode) broken.at("/operations/tellEnd")).remove("channel");

      assertThat(official.validate(broken)).isNotEmpty();
    }

    @Test
    void isNotValidWithMembersThatTheStandardDoesNotKnow() {
      ObjectNode broken = api.document();
      ((ObjectNode) broken.at("/components/messages/click")).put("sender", "a person");

      assertThat(official.validate(broken)).isNotEmpty();
    }

    @Test
    void isNotValidWithABindingThatIsNone() {
      ObjectNode broken = api.document();
      ((ObjectNode) broken.at("/channels/progress/bindings/kafka")).put("partitions", "many");

      assertThat(official.validate(broken)).isNotEmpty();
    }
  }
}
