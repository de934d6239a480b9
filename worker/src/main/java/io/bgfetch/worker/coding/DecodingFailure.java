package io.bgfetch.worker.coding;

import org.jspecify.annotations.Nullable;

/** A body that cannot be decoded, or should not be. The message is one line for people. */
public final class DecodingFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final boolean mayPass;

  private DecodingFailure(String line, boolean mayPass, @Nullable Throwable cause) {
    super(line, cause, false, false);
    this.mayPass = mayPass;
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

  /** Whether another try may end better. */
  public boolean mayPass() {
    return mayPass;
  }
}
