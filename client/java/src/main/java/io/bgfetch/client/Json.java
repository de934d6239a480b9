package io.bgfetch.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as trees, read and written token by token: an {@code ObjectMapper} takes longer to come up
 * than a whole call of the command line takes.
 */
final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Json() {}

  static ObjectNode object() {
    return NODES.objectNode();
  }

  /** An object or an array. */
  static JsonNode parse(byte[] json) throws IOException {
    try (JsonParser parser = FACTORY.createParser(json)) {
      JsonNode tree = readOnly(parser);
      if (!tree.isContainerNode()) {
        throw new IOException("neither a JSON object nor an array");
      }
      return tree;
    }
  }

  static ObjectNode parseObject(String json) {
    if (parse(json) instanceof ObjectNode object) {
      return object;
    }
    throw new IllegalArgumentException("not a JSON object");
  }

  /** One value and nothing behind it. */
  static JsonNode parse(String json) {
    try (JsonParser parser = FACTORY.createParser(json)) {
      return readOnly(parser);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
    }
  }

  private static JsonNode readOnly(JsonParser parser) throws IOException {
    JsonToken first = parser.nextToken();
    if (first == null) {
      throw new IOException("nothing there");
    }
    JsonNode tree = read(parser, first);
    if (parser.nextToken() != null) {
      throw new IOException("something behind its end");
    }
    return tree;
  }

  /** As deep as it goes: the parser itself refuses more than a thousand levels. */
  private static JsonNode read(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> {
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          object.set(name, read(parser, parser.nextToken()));
        }
        yield object;
      }
      case START_ARRAY -> {
        ArrayNode array = NODES.arrayNode();
        for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
          array.add(read(parser, t));
        }
        yield array;
      }
      case VALUE_STRING -> NODES.textNode(parser.getText());
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? NODES.numberNode(parser.getBigIntegerValue())
              : NODES.numberNode(parser.getLongValue());
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDecimalValue());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      default -> NODES.nullNode();
    };
  }

  static byte[] bytes(JsonNode tree) {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder();
        JsonGenerator generator = FACTORY.createGenerator(bytes)) {
      write(tree, generator);
      generator.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
  }

  /** For people too: nothing in it drives a terminal, whoever wrote what is in the tree. */
  static String text(JsonNode tree) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(text)) {
      write(tree, generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return escaped(text.toString());
  }

  /** Jackson escapes what JSON demands. What is escaped here can only stand within strings. */
  private static String escaped(String json) {
    if (json.codePoints().noneMatch(Json::isObeyed)) {
      return json;
    }
    StringBuilder escaped = new StringBuilder(json.length() + 16);
    json.codePoints()
        .forEach(
            c -> {
              if (isObeyed(c)) {
                escaped.append("\\u%04x".formatted(c));
              } else {
                escaped.appendCodePoint(c);
              }
            });
    return escaped.toString();
  }

  /** Controls, line ends, changes of direction, and halves of characters: all below U+10000. */
  private static boolean isObeyed(int codePoint) {
    return (codePoint >= 0x7F && codePoint <= 0x9F)
        || (codePoint >= 0x2028 && codePoint <= 0x202E)
        || (codePoint >= 0x2066 && codePoint <= 0x2069)
        || (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
  }

  private static void write(JsonNode node, JsonGenerator generator) throws IOException {
    switch (node.getNodeType()) {
      case OBJECT -> {
        generator.writeStartObject();
        for (Map.Entry<String, JsonNode> member : node.properties()) {
          generator.writeFieldName(member.getKey());
          write(member.getValue(), generator);
        }
        generator.writeEndObject();
      }
      case ARRAY -> {
        generator.writeStartArray();
        for (JsonNode item : node) {
          write(item, generator);
        }
        generator.writeEndArray();
      }
      case STRING -> generator.writeString(node.textValue());
      case NUMBER -> writeNumber(node, generator);
      case BOOLEAN -> generator.writeBoolean(node.booleanValue());
      default -> generator.writeNull();
    }
  }

  private static void writeNumber(JsonNode number, JsonGenerator generator) throws IOException {
    if (number.canConvertToLong() && number.isIntegralNumber()) {
      generator.writeNumber(number.longValue());
    } else if (number.isIntegralNumber()) {
      generator.writeNumber(number.bigIntegerValue());
    } else {
      generator.writeNumber(number.decimalValue());
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
