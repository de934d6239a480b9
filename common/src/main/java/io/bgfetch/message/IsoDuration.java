package io.bgfetch.message;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.time.Duration;

/** Reads a duration such as {@code PT10S}. */
final class IsoDuration extends StdDeserializer<Duration> {

  private static final long serialVersionUID = 1;

  IsoDuration() {
    super(Duration.class);
  }

  @Override
  public Duration deserialize(JsonParser json, DeserializationContext context) throws IOException {
    return Duration.parse(json.getText());
  }
}
