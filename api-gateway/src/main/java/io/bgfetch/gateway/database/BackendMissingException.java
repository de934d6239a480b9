package io.bgfetch.gateway.database;

/** A start was given up because a backend did not answer. The message is one line for operators. */
public final class BackendMissingException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public BackendMissingException(String message) {
    super(message.lines().findFirst().orElse(message));
  }
}
