package io.bgfetch.seal;

/** A sealed value that cannot be opened. */
public final class SealException extends Exception {

  private static final long serialVersionUID = 1;

  SealException(String what, Throwable cause) {
    super(what + " was sealed with another key", cause);
  }
}
