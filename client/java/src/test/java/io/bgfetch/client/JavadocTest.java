package io.bgfetch.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.JavaFileObject.Kind;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation shows is right: its examples compile, its references lead somewhere. */
class JavadocTest {
  private static final Path SOURCES = Path.of("src/main/java/io/bgfetch/client");
  private static final Pattern EXAMPLE =
      Pattern.compile("<pre>\\{@code\\n(.*?)\\n\\s*\\* }</pre>", Pattern.DOTALL);
  private static final Pattern PUBLIC_TYPE =
      Pattern.compile("^ *public (static )?(final |sealed )*(class|interface|record|enum) (\\w+)");

  /** What an example may take for granted. */
  private static final String AROUND =
      """
      import io.bgfetch.client.*;
      import java.net.URI;
      import java.nio.file.*;
      import java.time.Duration;
      import java.util.*;
      import java.util.concurrent.*;
      final class %s {
        BackgroundFetchManager manager;
        BackgroundFetchRegistration registration;
        BackgroundFetchRecord record;

        void run() throws Exception {
      %s
        }
      }
      """;

  @TempDir private Path directory;

  @Test
  void hasExamplesThatCompile() throws IOException {
    List<JavaFileObject> examples = new ArrayList<>();
    for (Path source : sources()) {
      Matcher matcher = EXAMPLE.matcher(Files.readString(source));
      while (matcher.find()) {
        examples.add(example("Example" + examples.size(), matcher.group(1)));
      }
    }

    assertThat(examples).hasSizeGreaterThan(15);
    assertThat(compiled(examples, List.of("--release", "17"))).isEmpty();
  }

  @Test
  void hasAnExampleForEveryPublicType() throws IOException {
    List<String> without = new ArrayList<>();
    for (Path source : sources()) {
      String comment = "";
      for (String part : Files.readString(source).split("(?=/\\*\\*)")) {
        comment = part.replaceAll("(?s)\\*/.*", "");
        Matcher type = PUBLIC_TYPE.matcher(part.replaceAll("(?s).*?\\*/\\n( *@\\w+\\n)*", ""));
        if (type.find() && !comment.contains("<pre>{@code")) {
          without.add(type.group(4));
        }
      }
    }

    assertThat(without).isEmpty();
  }

  @Test
  void isWellFormedAndLeadsSomewhere() throws IOException {
    List<JavaFileObject> files = new ArrayList<>();
    compiler()
        .getStandardFileManager(null, null, null)
        .getJavaFileObjectsFromPaths(sources())
        .forEach(files::add);

    assertThat(compiled(files, List.of("-Xdoclint:all,-missing"))).isEmpty();
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  private static JavaFileObject example(String name, String comment) {
    String code =
        comment
            .lines()
            .map(line -> line.replaceFirst("^ *\\* ?", ""))
            .collect(Collectors.joining("\n"));
    String source = AROUND.formatted(name, code);
    return new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return source;
      }
    };
  }

  private static JavaCompiler compiler() {
    return ToolProvider.getSystemJavaCompiler();
  }

  /** What the compiler has to say about it. */
  private List<String> compiled(List<JavaFileObject> files, List<String> more) {
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    List<String> options = new ArrayList<>(more);
    options.addAll(
        List.of(
            "-proc:none",
            "-d",
            directory.toString(),
            "-cp",
            System.getProperty("java.class.path")));
    compiler().getTask(new StringWriter(), null, found, options, null, files).call();
    return found.getDiagnostics().stream()
        .map(diagnostic -> diagnostic.getSource() + ": " + diagnostic.getMessage(null))
        .filter(
            text -> !text.contains("bootstrap class path") && !text.contains("annotation method"))
        .toList();
  }
}
