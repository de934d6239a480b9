package io.bgfetch.backends;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/** What a PostgreSQL server keeps: its data and the password of its only user. */
record PostgresDirectory(Path path) {
  private static final int PASSWORD_BYTES = 24;
  private static final Duration INITDB = Duration.ofMinutes(2);

  Path data() {
    return path.resolve("data");
  }

  Path log() {
    return path.resolve("postgres.log");
  }

  private Path passwordFile() {
    return path.resolve("password");
  }

  String password() throws IOException {
    if (!Files.exists(passwordFile())) {
      throw new BackendsException(passwordFile() + " is missing, and PostgreSQL asks for it");
    }
    return Files.readString(passwordFile()).strip();
  }

  /**
   * Makes an empty data directory, unless there is one. Password and data appear at once and whole:
   * what was cut short is never taken for whole.
   */
  void initialize(PostgresBinaries binaries, Launcher launcher)
      throws IOException, InterruptedException {
    if (Files.isDirectory(data())) {
      return;
    }
    writePassword(randomPassword());
    launcher.give(passwordFile());
    Path partial = path.resolve("data.partial");
    FileTree.delete(partial);
    Path log = path.resolve("initdb.log");
    if (Program.run(launcher.command(initdb(binaries, partial)), path, log, INITDB) != 0) {
      throw new BackendsException("PostgreSQL cannot make its data directory, see " + log);
    }
    Files.move(partial, data(), ATOMIC_MOVE);
  }

  private List<String> initdb(PostgresBinaries binaries, Path data) {
    return binaries.program(
        "initdb",
        List.of(
            "--pgdata=" + data,
            "--username=" + EmbeddedPostgres.NAME,
            "--auth=scram-sha-256",
            "--pwfile=" + passwordFile(),
            "--encoding=UTF8",
            "--locale=C",
            "--no-instructions"));
  }

  private static String randomPassword() {
    byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  private void writePassword(String password) throws IOException {
    Path partial = path.resolve("password.partial");
    Files.deleteIfExists(partial);
    Files.createFile(
        partial,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(partial, password, US_ASCII);
    Files.move(partial, passwordFile(), ATOMIC_MOVE);
  }
}
