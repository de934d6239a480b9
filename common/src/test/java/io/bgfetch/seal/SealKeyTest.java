package io.bgfetch.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bgfetch.config.SettingException;
import io.bgfetch.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealKeyTest {

  private static final int PROCESSES = 16;

  @TempDir private Path directory;

  private SealKey key(Map<String, String> settings) {
    return SealKey.from(
        Settings.of(settings, new Properties())
            .with(Map.of("BGFETCH_DATA_DIR", directory.resolve("data").toString())));
  }

  private Path file() {
    return directory.resolve("data/secret-key");
  }

  @Test
  void isTheOneThatIsSet() {
    String text = Base64.getEncoder().encodeToString(new byte[32]);

    assertThat(key(Map.of("BGFETCH_SECRET_KEY", text)).bytes()).isEqualTo(new byte[32]);
    assertThat(file()).doesNotExist();
  }

  @Test
  void isMadeOnceAndFoundAgain() throws IOException {
    byte[] made = key(Map.of()).bytes();

    assertThat(made).hasSize(32).isNotEqualTo(new byte[32]);
    assertThat(key(Map.of()).bytes()).isEqualTo(made);
    try (Stream<Path> files = Files.list(file().getParent())) {
      assertThat(files).containsExactly(file());
    }
  }

  @Test
  void isNotMadeBeforeItIsNeeded() {
    SealKey key = key(Map.of());

    assertThat(key).hasToString("***");
    assertThat(file().getParent()).doesNotExist();
  }

  @Test
  void isForItsOwnerOnly() throws IOException {
    assertThat(key(Map.of()).bytes()).hasSize(32);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void isOneForProcessesThatStartTogether() throws Exception {
    CyclicBarrier together = new CyclicBarrier(PROCESSES);
    Callable<String> process =
        () -> {
          together.await();
          return Base64.getEncoder().encodeToString(key(Map.of()).bytes());
        };
    Set<String> keys = new HashSet<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(PROCESSES)) {
      List<Future<String>> all =
          threads.invokeAll(IntStream.range(0, PROCESSES).mapToObj(i -> process).toList());
      for (Future<String> one : all) {
        keys.add(one.get());
      }
    }
    assertThat(keys).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hunter2-hunter2", "aHVudGVyMg==", "AAAA"})
  void isNeverRepeatedWhenItIsWrong(String wrong) {
    assertThatThrownBy(() -> key(Map.of("BGFETCH_SECRET_KEY", wrong)))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("BGFETCH_SECRET_KEY")
        .hasMessageContaining("32 bytes")
        .hasMessageNotContaining(wrong);
  }

  @Test
  void namesAFileThatHoldsNone() throws IOException {
    Files.createDirectories(file().getParent());
    Files.writeString(file(), "no key");

    assertThatThrownBy(() -> key(Map.of()).bytes())
        .isInstanceOf(SettingException.class)
        .hasMessageContaining(file().toString());
  }

  @Test
  void isNotShown() {
    assertThat(key(Map.of())).hasToString("***");
  }
}
