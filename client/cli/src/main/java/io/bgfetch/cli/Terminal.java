package io.bgfetch.cli;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What standard output can show.
 *
 * @param interactive whether it is a terminal on which a line can be redrawn
 * @param colour whether it may be coloured
 * @param unicode whether more than ASCII arrives
 * @param columns its present width
 */
public record Terminal(boolean interactive, boolean colour, boolean unicode, IntSupplier columns) {
  private static final int USUAL_COLUMNS = 80;
  private static final long STTY_MILLIS = 500;

  /** Not a terminal: a file, a pipe, a log. */
  public static Terminal none() {
    return new Terminal(false, false, true, () -> USUAL_COLUMNS);
  }

  /** What standard output of this process is; {@code NO_COLOR}, {@code TERM} and so on count. */
  public static Terminal detect(Map<String, String> environment) {
    boolean interactive = isTerminal() && !"dumb".equals(environment.get("TERM"));
    boolean colour = interactive && environment.getOrDefault("NO_COLOR", "").isEmpty();
    boolean unicode = System.out.charset().equals(StandardCharsets.UTF_8);
    return new Terminal(interactive, colour, unicode, () -> columns(environment));
  }

  /** Linux knows about each stream; elsewhere the JDK knows about all of them together. */
  private static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return isTerminal(System.console());
    }
  }

  /** Since Java 22 there is a console even where there is no terminal, and a method to ask. */
  private static boolean isTerminal(@Nullable Console console) {
    if (console == null) {
      return false;
    }
    try {
      return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  private static int columns(Map<String, String> environment) {
    int given = positive(environment.getOrDefault("COLUMNS", ""));
    if (given > 0) {
      return given;
    }
    int asked = positive(sttySize().replaceAll("^\\d+ ", ""));
    return asked > 0 ? asked : USUAL_COLUMNS;
  }

  private static int positive(String number) {
    return number.matches("[1-9]\\d{0,4}") ? Integer.parseInt(number) : 0;
  }

  private static String sttySize() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!stty.waitFor(STTY_MILLIS, TimeUnit.MILLISECONDS)) {
        stty.destroyForcibly();
        return "";
      }
      return new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim();
    } catch (IOException e) {
      return ""; // no stty, or no terminal behind this process
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
