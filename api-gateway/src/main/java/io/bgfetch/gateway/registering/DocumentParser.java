package io.bgfetch.gateway.registering;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bgfetch.gateway.problem.Problem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a registration that is one JSON document. Its requests are read one at a time: a list of
 * millions takes no more memory than the document itself.
 */
final class DocumentParser implements AutoCloseable {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String REQUESTS = "requests";

  private final JsonParser parser;
  private boolean inList;
  private boolean ended;

  private DocumentParser(byte[] json) throws IOException {
    this.parser = MAPPER.createParser(json);
  }

  /** All of the document but its requests. Looks at every byte: the rest is JSON, too. */
  static JsonObject head(byte[] json) {
    try (DocumentParser document = new DocumentParser(json)) {
      return new JsonObject(document.members());
    } catch (IOException broken) {
      throw notJson(broken);
    }
  }

  /** Begins with the first request of a document of which {@link #head} was read. */
  static DocumentParser requests(byte[] json) {
    try {
      DocumentParser document = new DocumentParser(json);
      document.findRequests();
      return document;
    } catch (IOException broken) {
      throw notJson(broken);
    }
  }

  private Map<String, Object> members() throws IOException {
    Map<String, @Nullable Object> members = new HashMap<>();
    boolean requests = false;
    require(parser.nextToken() == JsonToken.START_OBJECT);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (!name.equals(REQUESTS)) {
        members.put(name, parser.readValueAs(Object.class));
      } else if (requests) {
        throw Problem.typeError("requests: stands there twice").toException();
      } else {
        requireRequests();
        parser.skipChildren();
        requests = true;
      }
    }
    require(parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null);
    if (!requests) {
      throw notRequests();
    }
    return members;
  }

  private void requireRequests() {
    switch (parser.currentToken()) {
      case START_ARRAY, START_OBJECT, VALUE_STRING -> {}
      default -> throw notRequests();
    }
  }

  private void findRequests() throws IOException {
    require(parser.nextToken() == JsonToken.START_OBJECT);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean found = parser.currentName().equals(REQUESTS);
      parser.nextToken();
      if (found) {
        inList = parser.currentToken() == JsonToken.START_ARRAY;
        advance();
        return;
      }
      parser.skipChildren();
    }
    throw notRequests();
  }

  private void advance() throws IOException {
    ended = inList && parser.nextToken() == JsonToken.END_ARRAY;
  }

  /** Whether there is a further request. */
  boolean hasNext() {
    return !ended;
  }

  /** The next request, whatever it is in JSON. */
  @Nullable Object next() {
    try {
      Object request = wrapped(parser.readValueAs(Object.class));
      if (inList) {
        advance();
      } else {
        ended = true;
      }
      return request;
    } catch (IOException broken) {
      throw notJson(broken);
    }
  }

  private static @Nullable Object wrapped(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> members -> object(members);
      case List<?> list -> new JsonArray(list);
      case null, default -> value;
    };
  }

  private static JsonObject object(Map<?, ?> members) {
    JsonObject object = new JsonObject();
    members.forEach((name, value) -> object.put((String) name, value));
    return object;
  }

  private static void require(boolean right) {
    if (!right) {
      throw notOne();
    }
  }

  /** Says where, and not what stands there: it may be a secret. */
  private static RuntimeException notJson(IOException broken) {
    if (broken instanceof JacksonException json && json.getLocation() != null) {
      JsonLocation at = json.getLocation();
      String place = "line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
      return Problem.typeError("the body is not JSON: " + place).toException();
    }
    return notOne();
  }

  private static RuntimeException notOne() {
    return Problem.typeError("the body is not a JSON object").toException();
  }

  private static RuntimeException notRequests() {
    return Problem.typeError("requests: is not a URL, an object or a list of them").toException();
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
