package io.bgfetch.gateway.database;

import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.Icon;
import io.bgfetch.fetch.Registration;
import io.bgfetch.fetch.Registration.RecordCounts;
import io.bgfetch.fetch.RegistrationResult;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of the table {@code registration} as {@link Registration}s. */
public final class RegistrationRows {

  private RegistrationRows() {}

  /** The registration in a row that has all columns of the table. */
  public static Registration registration(Row row) {
    return new Registration(
        row.getString("tenant"),
        row.getUUID("uid"),
        row.getString("id"),
        row.getString("title"),
        icons(row.getJsonArray("icons")),
        row.getLong("upload_total"),
        row.getLong("uploaded"),
        row.getLong("download_total"),
        row.getLong("downloaded"),
        RegistrationResult.ofWireName(row.getString("result")),
        FetchResult.ofWireName(row.getString("failure_reason")).orElseThrow(),
        recordsAvailable(row),
        row.getBoolean("paused"),
        row.getLong("version"),
        new RecordCounts(
            row.getInteger("total"),
            row.getInteger("settled"),
            row.getInteger("succeeded"),
            row.getInteger("failed")),
        row.getOffsetDateTime("created_at").toInstant(),
        instant(row, "ended_at"),
        instant(row, "expires_at"));
  }

  /** Until they are released or expire; the moment of expiry waits for nobody to write it down. */
  private static boolean recordsAvailable(Row row) {
    Instant expires = instant(row, "expires_at");
    return row.getBoolean("records_available")
        && (expires == null || Instant.now().isBefore(expires));
  }

  /** Icons as they are stored. */
  public static JsonArray json(List<Icon> icons) {
    JsonArray array = new JsonArray();
    for (Icon icon : icons) {
      JsonObject one = new JsonObject().put("src", icon.src());
      putIfThere(one, "sizes", icon.sizes());
      putIfThere(one, "type", icon.type());
      putIfThere(one, "label", icon.label());
      array.add(one);
    }
    return array;
  }

  private static List<Icon> icons(JsonArray array) {
    return array.stream()
        .map(JsonObject.class::cast)
        .map(
            icon ->
                new Icon(
                    icon.getString("src"),
                    icon.getString("sizes"),
                    icon.getString("type"),
                    icon.getString("label")))
        .toList();
  }

  private static void putIfThere(JsonObject object, String name, @Nullable String value) {
    if (value != null) {
      object.put(name, value);
    }
  }

  private static @Nullable Instant instant(Row row, String column) {
    OffsetDateTime time = row.getOffsetDateTime(column);
    return time == null ? null : time.toInstant();
  }
}
