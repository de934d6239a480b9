package io.bgfetch.cli;

import io.bgfetch.cli.Table.Cell;
import io.bgfetch.client.BackgroundFetchRecord;
import io.bgfetch.client.RecordResponse;
import java.util.Set;
import java.util.stream.Stream;

/** Records as people read them: which, how it went, what came, from where, why not. */
final class RecordTable {
  private final Table table;

  RecordTable(CommandContext context) {
    table =
        new Table(
            context.out(),
            context.terminal(),
            Set.of("INDEX", "STATUS", "SIZE"),
            "INDEX",
            "RESULT",
            "STATUS",
            "SIZE",
            "URL",
            "ERROR");
  }

  void print(Stream<BackgroundFetchRecord> records) {
    if (records.allMatch(this::row)) {
      var unused = table.flush();
    }
  }

  private boolean row(BackgroundFetchRecord record) {
    RecordResponse response = record.response();
    String error = record.error();
    String method = record.request().method();
    return table.row(
        Cell.of(record.index()),
        new Cell(result(record), Colour.ofResult(record.result())),
        Cell.of(response == null ? "-" : Integer.toString(response.status())),
        Cell.of(Quantity.bytes(record.downloaded())),
        Cell.of(
            ForeignText.clean((method.equals("GET") ? "" : method + " ") + record.request().url())),
        Cell.of(error == null ? "" : ForeignText.clean(error)));
  }

  private static String result(BackgroundFetchRecord record) {
    if (!record.result().isEmpty()) {
      return record.result();
    }
    return record.attempts() > 0 || record.response() != null ? "running" : "waiting";
  }
}
