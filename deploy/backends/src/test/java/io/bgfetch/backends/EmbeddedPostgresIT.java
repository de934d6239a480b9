package io.bgfetch.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.SQLException;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {
  @TempDir static Path directory;
  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void startOnAnEmptyDirectory() {
    postgres = EmbeddedPostgres.start(directory, OptionalInt.empty());
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @Test
  void isPostgres18InUtf8() throws SQLException {
    assertThat(Sql.query(postgres.uri(), "SHOW server_version")).startsWith("18.");
    assertThat(Sql.query(postgres.uri(), "SHOW server_encoding")).isEqualTo("UTF8");
    assertThat(Sql.query(postgres.uri(), "SELECT 'ä' < 'z'"))
        .as("order of the C locale")
        .isEqualTo("f");
  }

  @Test
  void writesThroughToTheDisk() throws SQLException {
    assertThat(Sql.query(postgres.uri(), "SHOW fsync")).isEqualTo("on");
    assertThat(Sql.query(postgres.uri(), "SHOW synchronous_commit")).isEqualTo("on");
  }

  @Test
  void refusesAWrongPassword() {
    assertThatThrownBy(() -> Sql.connect(postgres.uri(), "bgfetch", "guessed"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("password authentication failed");
  }

  @Test
  void keepsThePasswordFromOtherUsers() throws IOException {
    assertThat(Files.getPosixFilePermissions(directory.resolve("password")))
        .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
  }

  @Test
  void listensOnLoopbackOnly() {
    assertThat(Listening.at(postgres.port())).containsExactly("127.0.0.1");
  }

  @Test
  void letsNobodyElseUseItsDirectory() {
    assertThatThrownBy(() -> EmbeddedPostgres.start(directory, OptionalInt.empty()))
        .isInstanceOf(BackendsException.class)
        .hasMessageContaining("in use by another bgfetch");
  }

  @Nested
  class WhenItCannotStart {
    @TempDir Path other;

    @Test
    void namesTheTakenPort() throws IOException {
      try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
        assertThatThrownBy(
                () -> EmbeddedPostgres.start(other, OptionalInt.of(taken.getLocalPort())))
            .isInstanceOf(BackendsException.class)
            .hasMessageContainingAll("postgres-port", Integer.toString(taken.getLocalPort()));
      }
    }

    @Test
    void saysThatThePlaceIsAFile() throws IOException {
      Path file = Files.createFile(other.resolve("file"));

      assertThatThrownBy(() -> EmbeddedPostgres.start(file, OptionalInt.empty()))
          .isInstanceOf(BackendsException.class)
          .hasMessageContaining("this is no directory");
    }

    @Test
    void repeatsWhatPostgresSays() throws IOException {
      EmbeddedPostgres.start(other, OptionalInt.empty()).close();
      Files.writeString(other.resolve("data/PG_VERSION"), "17\n");

      assertThatThrownBy(() -> EmbeddedPostgres.start(other, OptionalInt.empty()))
          .isInstanceOf(BackendsException.class)
          .hasMessageStartingWith("PostgreSQL does not start: ")
          .hasMessageEndingWith("database files are incompatible with server");
    }
  }
}
