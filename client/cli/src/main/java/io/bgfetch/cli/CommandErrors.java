package io.bgfetch.cli;

import io.bgfetch.client.BgfetchException;
import io.bgfetch.client.GatewayUnreachableException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.function.LongFunction;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * How failures become an exit status and a line on standard error: {@link CommandFailure}, what the
 * client throws, and input and output. Everything else is a defect and keeps its stack trace.
 */
public final class CommandErrors implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private static final int SHOWN_ERRORS = 10;

  private final PrintStream err;

  /** Tells failures on that stream. */
  public CommandErrors(PrintStream err) {
    this.err = err;
  }

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult arguments)
      throws Exception {
    err.println(rootName(command) + ": " + describe(failure));
    err.flush();
    return exitCode(failure);
  }

  @Override
  public int handleParseException(ParameterException failure, String[] arguments) {
    CommandLine command = failure.getCommandLine();
    err.println(rootName(command) + ": " + describe(failure));
    PrintWriter suggestions = new PrintWriter(err, true, err.charset());
    if (!UnmatchedArgumentException.printSuggestions(failure, suggestions)) {
      err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
    }
    err.flush();
    return CommandFailure.UNUSABLE;
  }

  /** The first word that is no option is meant to be a command. */
  private static String describe(ParameterException failure) {
    boolean command =
        failure instanceof UnmatchedArgumentException
            && failure.getCommandLine().getParent() == null;
    List<String> unmatched =
        command ? ((UnmatchedArgumentException) failure).getUnmatched() : List.of();
    return unmatched.isEmpty() || unmatched.get(0).startsWith("-")
        ? ForeignText.clean(String.valueOf(failure.getMessage()))
        : "there is no command " + ForeignText.shellWord(unmatched.get(0));
  }

  private static String rootName(CommandLine command) {
    return command.getCommandSpec().root().name();
  }

  /**
   * The status for a failure.
   *
   * @throws Exception the failure itself, when it is not one of those that are expected
   */
  public static int exitCode(Exception failure) throws Exception {
    if (failure instanceof CommandFailure known) {
      return known.exitCode();
    }
    if (failure instanceof BgfetchException refused) {
      return exitCode(refused.status());
    }
    if (failure instanceof RefusedRequests requests) {
      return exitCode(requests.refusal().status());
    }
    if (failure instanceof GatewayUnreachableException) {
      return CommandFailure.UNUSABLE;
    }
    if (failure instanceof IOException || failure instanceof UncheckedIOException) {
      return CommandFailure.FAILED;
    }
    throw failure;
  }

  /** What was asked for cannot be had, against: it was asked for wrongly, or nobody can answer. */
  private static int exitCode(int status) {
    return switch (status) {
      case 404, 409, 429, 507 -> CommandFailure.FAILED;
      default -> CommandFailure.UNUSABLE;
    };
  }

  /** The failure in one line, offending requests below it; never a stack trace. */
  public static String describe(Exception failure) {
    if (failure instanceof BgfetchException refused) {
      return describe(refused, index -> "request " + index);
    }
    if (failure instanceof RefusedRequests requests) {
      return describe(requests.refusal(), requests::place);
    }
    if (failure instanceof GatewayUnreachableException lost) {
      return describe(lost);
    }
    if (failure instanceof UncheckedIOException && failure.getCause() instanceof IOException io) {
      return describe(io);
    }
    if (failure instanceof IOException io) {
      return describe(io);
    }
    return ForeignText.clean(
        failure.getMessage() == null ? failure.toString() : failure.getMessage());
  }

  private static String describe(GatewayUnreachableException lost) {
    String message = ForeignText.clean(String.valueOf(lost.getMessage()));
    return lost.getCause() instanceof ConnectException
        ? message
            + System.lineSeparator()
            + "Start one here: bgfetch up. One elsewhere: --url URL or BGFETCH_URL."
        : message;
  }

  private static String describe(BgfetchException refused, LongFunction<String> places) {
    var errors = refused.problem().errors();
    StringBuilder text = new StringBuilder(ForeignText.clean(name(refused) + summary(refused)));
    errors.stream()
        .limit(SHOWN_ERRORS)
        .forEach(
            error ->
                text.append(System.lineSeparator())
                    .append("  ")
                    .append(ForeignText.clean(places.apply(error.index())))
                    .append(": ")
                    .append(ForeignText.clean(error.detail())));
    if (errors.size() > SHOWN_ERRORS) {
      text.append(System.lineSeparator())
          .append("  and ")
          .append(errors.size() - SHOWN_ERRORS)
          .append(" more");
    }
    return text.toString();
  }

  private static String name(BgfetchException refused) {
    return refused.name() == null ? "" : refused.name() + ": ";
  }

  /** What is said of the first offending request stands below it, with the others. */
  private static String summary(BgfetchException refused) {
    var errors = refused.problem().errors();
    String message = String.valueOf(refused.getMessage());
    if (errors.isEmpty()
        || !message.equals(
            "request %d: %s".formatted(errors.get(0).index(), errors.get(0).detail()))) {
      return message;
    }
    return errors.size() == 1 ? "a request is wrong" : errors.size() + " requests are wrong";
  }

  /** The JDK's file exceptions say which file, but what is wrong only by their type. */
  static String describe(IOException failure) {
    if (failure instanceof CharacterCodingException) {
      return "not UTF-8";
    }
    if (failure instanceof FileSystemException file && file.getReason() == null) {
      return ForeignText.clean(file.getFile() + ": " + reason(file));
    }
    return ForeignText.clean(
        failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage());
  }

  private static String reason(FileSystemException failure) {
    if (failure instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    return failure instanceof FileAlreadyExistsException || failure instanceof NotDirectoryException
        ? "not a directory"
        : "cannot be used";
  }
}
