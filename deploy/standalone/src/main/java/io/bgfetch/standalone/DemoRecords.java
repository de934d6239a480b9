package io.bgfetch.standalone;

import io.bgfetch.client.BackgroundFetchRecord;
import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.RecordResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Lists the records of the demonstration, each with the verdict on its body. */
final class DemoRecords {
  private static final int BLOCK = 1 << 16;
  private static final String ROW = "%5s  %-8s %6s  %10s  %-10s  %s%n";

  private final PrintStream out;
  private final SampleFiles samples;

  DemoRecords(PrintStream out, SampleFiles samples) {
    this.out = out;
    this.samples = samples;
  }

  /** Reads every body through the gateway; answers whether each is its file, byte for byte. */
  boolean compare(BackgroundFetchRegistration registration) throws IOException {
    out.printf(ROW, "INDEX", "RESULT", "STATUS", "SIZE", "BODY", "URL");
    int identical = 0;
    for (BackgroundFetchRecord record : registration.records()) {
      Path file = samples.files().get((int) record.index());
      boolean same = record.result().equals("success") && isIdentical(record, file);
      identical += same ? 1 : 0;
      row(record, same);
    }
    int all = samples.files().size();
    out.printf(
        "%n%d of %d bodies, read back through %s, are identical to the files in %s%n",
        identical,
        all,
        "/v1/fetches/" + registration.uid() + "/records/{index}/body",
        samples.directory());
    return identical == all;
  }

  private static boolean isIdentical(BackgroundFetchRecord record, Path file) throws IOException {
    try (InputStream body = record.body();
        InputStream expected = Files.newInputStream(file)) {
      byte[] there = body.readNBytes(BLOCK);
      while (there.length > 0 && Arrays.equals(there, expected.readNBytes(BLOCK))) {
        there = body.readNBytes(BLOCK);
      }
      return there.length == 0 && expected.read() < 0;
    }
  }

  private void row(BackgroundFetchRecord record, boolean same) {
    RecordResponse response = record.response();
    out.printf(
        ROW,
        record.index(),
        record.result(),
        response == null ? "-" : Integer.toString(response.status()),
        SampleFiles.size(record.downloaded()),
        same ? "identical" : "DIFFERENT",
        record.request().url()
            + (response != null && response.redirected() ? " (redirected)" : ""));
  }
}
