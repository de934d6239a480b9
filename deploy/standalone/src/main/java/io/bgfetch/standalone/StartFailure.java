package io.bgfetch.standalone;

import io.bgfetch.backends.BackendsException;
import io.bgfetch.cli.CommandFailure;
import io.bgfetch.config.SettingException;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.slf4j.LoggerFactory;

/** Why a server does not start, in the one line that its operator is told. */
final class StartFailure {
  private StartFailure() {}

  /** The failure of a command; what was not foreseen is logged with its stack trace. */
  static CommandFailure of(Throwable cause, Path log) {
    return switch (cause) {
      case CommandFailure known -> known;
      case ExecutionException wrapper when wrapper.getCause() != null ->
          of(wrapper.getCause(), log);
      case CompletionException wrapper when wrapper.getCause() != null ->
          of(wrapper.getCause(), log);
      case SettingException setting -> unusable(String.valueOf(setting.getMessage()));
      case BackendsException backends -> {
        record(backends);
        yield unusable(String.valueOf(backends.getMessage()));
      }
      case BindException taken -> unusable("cannot listen: " + taken.getMessage());
      default -> {
        record(cause);
        yield unusable("cannot start: " + reason(cause) + "; see " + log);
      }
    };
  }

  private static CommandFailure unusable(String message) {
    return new CommandFailure(CommandFailure.UNUSABLE, message);
  }

  private static void record(Throwable cause) {
    LoggerFactory.getLogger(StartFailure.class).atError().setCause(cause).log("cannot start");
  }

  /** What happened, on one line. The JDK's file exceptions say it only by their type. */
  static String reason(Throwable cause) {
    return cause instanceof FileSystemException file && file.getReason() == null
        ? file.getFile() + ": " + reason(file)
        : oneLine(cause);
  }

  private static String reason(FileSystemException failure) {
    return switch (failure) {
      case AccessDeniedException denied -> "permission denied";
      case FileAlreadyExistsException exists -> "not a directory";
      case NotDirectoryException file -> "not a directory";
      default -> failure.getClass().getSimpleName();
    };
  }

  /** The first line says what; some libraries add a whole page. */
  private static String oneLine(Throwable cause) {
    String text = cause instanceof IOException ? cause.getMessage() : cause.toString();
    return String.valueOf(text).lines().findFirst().orElse(cause.getClass().getSimpleName());
  }
}
