package io.bgfetch.message;

import org.jspecify.annotations.Nullable;

/**
 * An event as it stands on the topic: JSON, and beside it the bytes of a body that came with it. As
 * text in the JSON they would be a third longer and cost several times as much as the rest.
 *
 * @param json without the body
 * @param body in a header of the message; null where none came with it
 */
@SuppressWarnings("ArrayRecordComponent") // equality of messages is asked for nowhere
public record EventMessage(byte[] json, byte @Nullable [] body) {

  /** The header that has the body. */
  public static final String BODY = "body";
}
