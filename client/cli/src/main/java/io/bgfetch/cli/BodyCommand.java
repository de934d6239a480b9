package io.bgfetch.cli;

import io.bgfetch.client.BackgroundFetchRecord;
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
  private static final int BLOCK = 1 << 16;

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

  @Option(
      names = "--json",
      description = {
        "Prints the record as JSON, in place of a body that is not saved;",
        "with --all the list of those whose bodies were to be saved."
      })
  private boolean json;

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
      return saveAll(BodyFiles.in(all, context), gateway.find(ref)) ? 0 : CommandFailure.FAILED;
    }
    if (index == null || index < 0) {
      throw usage("Which one? Give INDEX (from 0), or --all DIR");
    }
    BackgroundFetchRecord record = gateway.find(ref).record(index);
    if (output != null) {
      var unused = record.saveTo(path(output));
    }
    if (json) {
      context.out().println(record.toJson());
    } else if (output == null) {
      write(record);
    }
    return 0;
  }

  private boolean saveAll(BodyFiles files, BackgroundFetchRegistration registration) {
    boolean saved = files.save(registration);
    if (json) {
      new JsonPages<>(context.out(), "records", BackgroundFetchRecord::toJson)
          .print(registration.records("success"), Long.MAX_VALUE);
    }
    return saved;
  }

  /** As it comes, and no longer than somebody reads it. */
  private void write(BackgroundFetchRecord record) throws IOException {
    byte[] block = new byte[BLOCK];
    try (InputStream body = record.body()) {
      for (int read = body.read(block); read >= 0; read = body.read(block)) {
        context.out().write(block, 0, read);
        if (context.out().checkError()) { // it flushes, too
          throw new CommandFailure(CommandFailure.FAILED, "standard output takes no more");
        }
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
