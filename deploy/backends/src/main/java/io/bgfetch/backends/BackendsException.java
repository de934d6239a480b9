package io.bgfetch.backends;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * Says in one line, fit to be shown to a person as it is, why an embedded server cannot be used;
 * what else is known stands in the cause.
 */
public final class BackendsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BackendsException(String message) {
    super(message);
  }

  BackendsException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The server does not start for a reason that we did not foresee. */
  static BackendsException of(String server, Path directory, Throwable cause) {
    return cause instanceof FileSystemException file
        ? new BackendsException(
            "%s cannot use %s: %s".formatted(server, directory, reason(file)), cause)
        : new BackendsException(
            "%s does not start on %s: %s".formatted(server, directory, cause), cause);
  }

  private static String reason(FileSystemException e) {
    String kind =
        switch (e) {
          case AccessDeniedException denied -> "access denied";
          case FileAlreadyExistsException exists -> "this is no directory";
          default -> String.valueOf(e.getReason());
        };
    return kind + " (" + e.getFile() + ")";
  }
}
