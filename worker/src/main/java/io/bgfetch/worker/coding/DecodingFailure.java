package io.bgfetch.worker.coding;

import io.bgfetch.outgoing.KnownFailure;
import io.bgfetch.outgoing.NetworkError;
import org.jspecify.annotations.Nullable;

/** A body that cannot be decoded, or should not be. The message is one line for people. */
public final class DecodingFailure extends RuntimeException implements KnownFailure {

  private static final long serialVersionUID = 1;

  private final transient NetworkError error;

  private DecodingFailure(String line, boolean mayPass, @Nullable Throwable cause) {
    super(line, cause, false, false);
    this.error = new NetworkError(line, mayPass);
  }

  static DecodingFailure corrupt(String coding, @Nullable Throwable cause) {
    return new DecodingFailure("protocol error: the body is not " + coding, false, cause);
  }

  static DecodingFailure incomplete(boolean mayPass) {
    return new DecodingFailure("the coded body ends in the middle", mayPass, null);
  }

  static DecodingFailure bomb(int times) {
    return new DecodingFailure(
        "the body unpacks to more than " + times + " times its coded size", false, null);
  }

  @Override
  public NetworkError error() {
    return error;
  }
}
