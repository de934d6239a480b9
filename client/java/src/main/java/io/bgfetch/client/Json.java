package io.bgfetch.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as trees: no data binding, which would cost a command line more time than its call. */
final class Json {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final ObjectReader READER =
      MAPPER.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static JsonNode parse(byte[] json) throws IOException {
    JsonNode tree = MAPPER.readTree(json);
    if (tree == null || !tree.isContainerNode()) {
      throw new IOException("not a JSON object");
    }
    return tree;
  }

  static ObjectNode parseObject(String json) {
    if (parse(json) instanceof ObjectNode object) {
      return object;
    }
    throw new IllegalArgumentException("not a JSON object");
  }

  /** One value and nothing behind it. */
  static JsonNode parse(String json) {
    try {
      return READER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  static byte[] bytes(JsonNode tree) {
    try {
      return MAPPER.writer(new MinimalPrettyPrinter("")).writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e); // a tree in memory always serializes
    }
  }

  static @Nullable String textOrNull(JsonNode parent, String member) {
    return parent.path(member).textValue();
  }

  static @Nullable Long longOrNull(JsonNode parent, String member) {
    JsonNode value = parent.path(member);
    return value.isIntegralNumber() ? value.longValue() : null;
  }

  static @Nullable Instant instantOrNull(JsonNode parent, String member) {
    String text = textOrNull(parent, member);
    return text == null ? null : Instant.parse(text);
  }

  static Map<String, String> strings(JsonNode object) {
    Map<String, String> strings = new LinkedHashMap<>();
    object.properties().forEach(e -> strings.put(e.getKey(), e.getValue().asText()));
    return Collections.unmodifiableMap(strings);
  }
}
