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

    assertThat(key(Map.of("BGFETCH_SECRET_KEY", text))).isEqualTo(new SealKey(new byte[32]));
    assertThat(file()).doesNotExist();
  }

  @Test
  void isMadeOnceAndFoundAgain() throws IOException {
    SealKey made = key(Map.of());

    assertThat(made).isNotEqualTo(new SealKey(new byte[32]));
    assertThat(key(Map.of())).isEqualTo(made);
    try (Stream<Path> files = Files.list(file().getParent())) {
      assertThat(files).containsExactly(file());
    }
  }

  @Test
  void isForItsOwnerOnly() throws IOException {
    key(Map.of());

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void isOneForProcessesThatStartTogether() throws Exception {
    CyclicBarrier together = new CyclicBarrier(PROCESSES);
    Callable<SealKey> process =
        () -> {
          together.await();
          return key(Map.of());
        };
    Set<SealKey> keys = new HashSet<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(PROCESSES)) {
      List<Future<SealKey>> all =
          threads.invokeAll(IntStream.range(0, PROCESSES).mapToObj(i -> process).toList());
      for (Future<SealKey> one : all) {
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

    assertThatThrownBy(() -> key(Map.of()))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining(file().toString());
  }

  @Test
  void isNotShown() {
    assertThat(key(Map.of())).hasToString("***");
  }
}
