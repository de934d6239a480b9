package io.bgfetch.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** {@code docs/asyncapi.yaml}, what subscribers of the progress topic are promised. */
public final class AsyncApi {

  private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(VersionFlag.V7);

  private final JsonNode document;

  private AsyncApi(JsonNode document) {
    this.document = document;
  }

  public static AsyncApi read() throws IOException {
    return new AsyncApi(new YAMLMapper().readTree(Path.of("../docs/asyncapi.yaml").toFile()));
  }

  /** A copy, which a test may change. */
  public ObjectNode document() {
    return document.deepCopy();
  }

  /** What is wrong with the value of an event; {@code message} is the last part of its type. */
  public Set<ValidationMessage> errorsOfPayload(String message, JsonNode payload) {
    return schema("/components/messages/" + message + "/payload").validate(payload);
  }

  /** What is wrong with the headers of an event. */
  public Set<ValidationMessage> errorsOfHeaders(String message, JsonNode headers) {
    return schema("/components/messages/" + message + "/headers").validate(headers);
  }

  /** The document itself is the schema, so that references within it are found. */
  private JsonSchema schema(String pointer) {
    ObjectNode schema = document();
    schema.putArray("allOf").addObject().put("$ref", "#" + pointer);
    return SCHEMAS.getSchema(schema);
  }
}
