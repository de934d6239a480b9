package io.bgfetch.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
  @TempDir Path directory;

  @Test
  void namesDirectoryAndHolderToTheSecond() throws IOException {
    try (DirectoryLock first = DirectoryLock.acquire(directory)) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> DirectoryLock.acquire(directory))
          .isInstanceOf(BackendsException.class)
          .hasMessage(
              "the data directory %s is in use by another bgfetch (process %d)",
              directory, ProcessHandle.current().pid());
    }
  }

  @Test
  void isFreeAgainWhenClosed() throws IOException {
    DirectoryLock.acquire(directory).close();

    try (DirectoryLock second = DirectoryLock.acquire(directory)) {
      assertThat(second).isNotNull();
    }
  }
}
