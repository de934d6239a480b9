package io.bgfetch.cli;

import io.bgfetch.client.BackgroundFetchRegistration;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "body",
    header = "Writes the body of a record's response, or saves those of all.",
    description = {
      "",
      "A body that still arrives is written as it comes. One that is cut ends with exit status 1."
    })
final class BodyCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private final GatewayOptions gateway;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "ID", description = "The fetch's id or uid.")
  private String ref = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "INDEX", description = "Which record.")
  private @Nullable Long index;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to; standard output unless given.")
  private @Nullable String output;

  @Option(
      names = "--all",
      paramLabel = "DIR",
      description = "Saves the bodies of all successful records there.")
  private @Nullable String all;

  BodyCommand(CommandContext context) {
    this.context = context;
    this.gateway = new GatewayOptions(context);
  }

  @Override
  public Integer call() throws IOException {
    if (all != null && (index != null || output != null)) {
      throw usage("--all goes with neither INDEX nor --output");
    }
    if (all != null) {
      BodyFiles files = BodyFiles.in(all, context);
      return files.save(gateway.find(ref)) ? 0 : CommandFailure.FAILED;
    }
    if (index == null || index < 0) {
      throw usage("Which one? Give INDEX (from 0), or --all DIR");
    }
    write(gateway.find(ref), index);
    return 0;
  }

  private void write(BackgroundFetchRegistration registration, long wanted) throws IOException {
    if (output != null) {
      var unused = registration.record(wanted).saveTo(path(output));
      return;
    }
    try (InputStream body = registration.record(wanted).body()) {
      var unused = body.transferTo(context.out());
      if (context.out().checkError()) {
        throw new CommandFailure(CommandFailure.FAILED, "standard output takes no more");
      }
    }
  }

  private static Path path(String file) {
    try {
      return Path.of(file);
    } catch (InvalidPathException e) {
      throw new CommandFailure(CommandFailure.UNUSABLE, "not a file name: " + e.getMessage());
    }
  }

  private RuntimeException usage(String message) {
    return spec == null
        ? new CommandFailure(CommandFailure.UNUSABLE, message)
        : new ParameterException(spec.commandLine(), message);
  }
}
