package io.bgfetch.cli;

import io.bgfetch.client.FakeGateway;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs commands as the process would and keeps what they print. */
final class CommandRun {
  @Command(name = "bgfetch")
  static final class Root {}

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Map<String, String> environment = new HashMap<>();
  private Terminal terminal = Terminal.none();
  private byte[] input = {};
  private int room = Integer.MAX_VALUE;

  static CommandRun against(FakeGateway gateway) {
    return against(gateway.address());
  }

  static CommandRun against(URI address) {
    return new CommandRun().with("BGFETCH_URL", address.toString());
  }

  CommandRun with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  CommandRun input(String text) {
    input = text.getBytes(StandardCharsets.UTF_8);
    return this;
  }

  CommandRun on(Terminal newTerminal) {
    terminal = newTerminal;
    return this;
  }

  /** Whoever reads standard output goes away after so many bytes. */
  CommandRun closedBehind(int bytes) {
    room = bytes;
    return this;
  }

  int execute(String... arguments) {
    CommandLine root = new CommandLine(new Root());
    ClientCommands.addTo(
        root,
        new CommandContext(
            new ByteArrayInputStream(input),
            new PrintStream(standardOutput(), true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment,
            terminal,
            ZoneOffset.UTC));
    return root.execute(arguments);
  }

  private OutputStream standardOutput() {
    return new FilterOutputStream(out) {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int from, int count) throws IOException {
        int taken = Math.min(room, count);
        room -= taken;
        out.write(bytes, from, taken);
        if (taken < count) {
          throw new IOException("Broken pipe");
        }
      }
    };
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
