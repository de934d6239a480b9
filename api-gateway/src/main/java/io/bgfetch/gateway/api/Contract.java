package io.bgfetch.gateway.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The contract of the HTTP interface, an OpenAPI 3.1 document: as it is served, and as the router
 * is built from it.
 *
 * @param served the document, YAML
 * @param forRouter the same without what the router does not know: some media types, whose bodies
 *     are checked by our own code, and the security schemes
 */
record Contract(Buffer served, JsonObject forRouter) {

  static final String MEDIA_TYPE = "application/yaml";

  private static final String RESOURCE = "openapi.yaml";
  private static final String CONTENT = "content";

  /** Reads the contract that comes with this module. */
  static Contract load() {
    try (InputStream stream = Contract.class.getResourceAsStream(RESOURCE)) {
      byte[] bytes = Objects.requireNonNull(stream, RESOURCE).readAllBytes();
      Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
      Map<String, Object> document = yaml.load(new String(bytes, StandardCharsets.UTF_8));
      JsonObject json = new JsonObject(new JsonObject(document).encode());
      removeUnknownMediaTypes(json);
      removeSecurity(json);
      return new Contract(Buffer.buffer(bytes), json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The router would want a handler for each scheme; who calls is found out before it. */
  private static void removeSecurity(JsonObject json) {
    json.remove("security");
    json.getJsonObject("components").remove("securitySchemes");
  }

  private static void removeUnknownMediaTypes(Object json) {
    switch (json) {
      case JsonObject object -> {
        if (object.getValue(CONTENT) instanceof JsonObject content) {
          content.getMap().keySet().removeIf(type -> !MediaType.isMediaTypeSupported(type));
        }
        object.forEach(member -> removeUnknownMediaTypes(member.getValue()));
      }
      case JsonArray array -> array.forEach(Contract::removeUnknownMediaTypes);
      case null, default -> {}
    }
  }
}
