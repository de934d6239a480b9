package io.bgfetch.cli;

/** A command cannot go on; its message is the one line that a person is told. */
public final class CommandFailure extends RuntimeException {
  /** The fetch failed, or what was asked for is not there. */
  public static final int FAILED = 1;

  /** Wrong usage or configuration, or no gateway. */
  public static final int UNUSABLE = 2;

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /** A failure that ends the process with this status. */
  public CommandFailure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** The status that the process ends with. */
  public int exitCode() {
    return exitCode;
  }
}
