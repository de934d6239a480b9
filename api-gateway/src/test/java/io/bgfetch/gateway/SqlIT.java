package io.bgfetch.gateway;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.bgfetch.testkit.SharedBroker;
import io.bgfetch.testkit.TestBackends;
import io.bgfetch.testkit.WithBackends;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every statement of this module is one that Postgres can prepare on the migrated schema. */
@WithBackends
@SharedBroker
class SqlIT {

  @TempDir static Path data;
  static RunningGateway gateway;

  @BeforeAll
  static void start(TestBackends backends) {
    gateway =
        RunningGateway.start(backends.freshDatabase(), backends.kafkaBootstrapServers(), data);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("statements")
  void canBePrepared(String name, String sql) {
    assertThatCode(() -> gateway.sql("PREPARE checked AS " + sql))
        .as(name)
        .doesNotThrowAnyException();
  }

  /** The constants of all classes that begin with a word of SQL. */
  static List<Object[]> statements() throws Exception {
    List<Object[]> found = new ArrayList<>();
    for (Class<?> type : classes()) {
      for (Field field : type.getDeclaredFields()) {
        if (Modifier.isStatic(field.getModifiers()) && field.getType() == String.class) {
          field.setAccessible(true);
          String value = String.valueOf(field.get(null));
          if (value.matches("(?s)\\s*\\(?(SELECT|INSERT|UPDATE|DELETE|WITH)\\s.*")) {
            found.add(new Object[] {type.getSimpleName() + "." + field.getName(), value});
          }
        }
      }
    }
    return found;
  }

  private static List<Class<?>> classes() throws IOException, ClassNotFoundException {
    Path root =
        Path.of(GatewayMain.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    List<Class<?>> classes = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        String name = root.relativize(file).toString().replace('/', '.');
        classes.add(Class.forName(name.substring(0, name.length() - ".class".length())));
      }
    }
    return classes;
  }
}
