package io.bgfetch.cli;

import io.bgfetch.client.BackgroundFetchRecord;
import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.BgfetchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Saves the bodies of a fetch's successful records in one directory. */
final class BodyFiles {
  private final CommandContext context;
  private final Path directory;

  private long saved;
  private long bytes;
  private long broken;

  private BodyFiles(CommandContext context, Path directory) {
    this.context = context;
    this.directory = directory;
  }

  /** A directory, made if need be: at once, so that a fetch is not started for nothing. */
  static BodyFiles in(String directory, CommandContext context) {
    try {
      return new BodyFiles(context, Files.createDirectories(Path.of(directory)));
    } catch (IOException e) {
      throw new CommandFailure(
          CommandFailure.UNUSABLE, "cannot make the directory " + CommandErrors.describe(e));
    } catch (InvalidPathException e) {
      throw new CommandFailure(CommandFailure.UNUSABLE, "not a directory: " + e.getMessage());
    }
  }

  /**
   * Saves them all and says what became of it on standard error.
   *
   * @return whether every successful record could be saved
   */
  boolean save(BackgroundFetchRegistration registration) {
    FileNames names = new FileNames();
    for (BackgroundFetchRecord record : registration.records("success")) {
      save(record, directory.resolve(names.of(record.request().url())));
    }
    report(registration);
    return broken == 0;
  }

  private void save(BackgroundFetchRecord record, Path file) {
    try {
      bytes += record.saveTo(file);
      saved++;
    } catch (IOException e) {
      fail(record, CommandErrors.describe(e));
    } catch (BgfetchException e) {
      fail(record, CommandErrors.describe((Exception) e));
    }
  }

  private void fail(BackgroundFetchRecord record, String why) {
    broken++;
    context
        .err()
        .println(
            "not saved: record %d, %s: %s"
                .formatted(record.index(), ForeignText.clean(record.request().url()), why));
  }

  private void report(BackgroundFetchRegistration registration) {
    long others = registration.state().records().total() - saved - broken;
    context
        .err()
        .println(
            "saved "
                + Quantity.count(saved, "file")
                + " ("
                + Quantity.bytes(bytes)
                + ") in "
                + ForeignText.clean(directory.toString())
                + (others > 0 ? "; " + Quantity.count(others, "record") + " did not succeed" : ""));
  }
}
