package io.bgfetch.standalone;

import io.bgfetch.backends.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** An embedded Postgres that can be killed, with all its processes, and started again as it was. */
final class PostgresProcess implements AutoCloseable {
  private EmbeddedPostgres postgres;
  private boolean killed;

  private PostgresProcess(EmbeddedPostgres postgres) {
    this.postgres = postgres;
  }

  static PostgresProcess start(Path directory) {
    return new PostgresProcess(EmbeddedPostgres.start(directory, OptionalInt.empty()));
  }

  /** The same after every start. */
  String uri() {
    return postgres.uri();
  }

  /** {@code kill -9} to the server and then to all its sessions, which would see it and end. */
  void kill() throws IOException {
    Path pidFile = postgres.directory().resolve("data/postmaster.pid");
    if (killed) {
      return;
    }
    killed = true;
    ProcessHandle server =
        ProcessHandle.of(Long.parseLong(Files.readAllLines(pidFile).getFirst())).orElseThrow();
    List<ProcessHandle> all =
        Stream.concat(Stream.of(server), server.descendants().toList().stream()).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(process -> process.onExit().join());
  }

  /** Starts it again, unless it runs, and waits until it takes requests. */
  void restart() {
    if (killed) {
      postgres.close();
      postgres = EmbeddedPostgres.start(postgres.directory(), OptionalInt.of(postgres.port()));
      killed = false;
    }
  }

  @Override
  public void close() {
    postgres.close();
  }
}
