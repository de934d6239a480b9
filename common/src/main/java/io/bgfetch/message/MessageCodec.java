package io.bgfetch.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.bgfetch.blob.StoredBody;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/**
 * Messages as JSON, readable with any Kafka tool. Unknown fields are ignored, so that versions can
 * roll. Thread-safe.
 */
public final class MessageCodec {

  /** No message is longer, in bytes: what is large travels as a reference. */
  public static final int MAX_MESSAGE = 512 * 1024;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .addModule(durations())
          .build();

  private final ObjectWriter writer = MAPPER.writer();
  private final ObjectReader jobs = MAPPER.readerFor(FetchJob.class);
  private final ObjectReader events = MAPPER.readerFor(FetchEvent.class);
  private final ObjectReader controls = MAPPER.readerFor(ControlMessage.class);

  public byte[] encode(FetchJob job) {
    return write(job);
  }

  public byte[] encode(FetchEvent event) {
    return write(event);
  }

  public byte[] encode(ControlMessage message) {
    return write(message);
  }

  /**
   * Reads a job.
   *
   * @throws UncheckedIOException if the bytes are none
   */
  public FetchJob job(byte[] json) {
    return read(jobs, json);
  }

  /** An event with its body, if that is an inline one, beside the JSON. */
  public EventMessage message(FetchEvent event) {
    return event instanceof FetchEvent.Settled settled
            && settled.body() instanceof StoredBody.Inline inline
        ? new EventMessage(write(settled.withBody(null)), inline.bytes())
        : new EventMessage(write(event), null);
  }

  /**
   * Reads an event and the body beside it.
   *
   * @throws UncheckedIOException if the bytes are none
   */
  public FetchEvent event(EventMessage message) {
    FetchEvent event = event(message.json());
    return event instanceof FetchEvent.Settled settled && message.body() != null
        ? settled.withBody(new StoredBody.Inline(message.body()))
        : event;
  }

  /**
   * Reads an event.
   *
   * @throws UncheckedIOException if the bytes are none
   */
  public FetchEvent event(byte[] json) {
    return read(events, json);
  }

  /**
   * Reads a control message.
   *
   * @throws UncheckedIOException if the bytes are none
   */
  public ControlMessage control(byte[] json) {
    return read(controls, json);
  }

  private byte[] write(Object message) {
    try {
      return writer.writeValueAsBytes(message);
    } catch (JsonProcessingException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static <T> T read(ObjectReader reader, byte[] json) {
    try {
      return reader.readValue(json);
    } catch (IOException notOne) {
      throw new UncheckedIOException(notOne);
    }
  }

  /** Durations as ISO 8601, without the module for all of java.time. */
  private static SimpleModule durations() {
    return new SimpleModule()
        .addSerializer(Duration.class, ToStringSerializer.instance)
        .addDeserializer(Duration.class, new IsoDuration());
  }
}
