package io.bgfetch.gateway.news;

import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.database.RegistrationRows;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** A registration as JSON, the one form in which answers, events and messages show it. */
public final class RegistrationJson {

  private static final DateTimeFormatter RFC_3339 =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private RegistrationJson() {}

  public static JsonObject of(Registration registration) {
    return new JsonObject()
        .put("id", registration.id())
        .put("uid", registration.uid().toString())
        .put("title", registration.title())
        .put("icons", RegistrationRows.json(registration.icons()))
        .put("uploadTotal", registration.uploadTotal())
        .put("uploaded", registration.uploaded())
        .put("downloadTotal", registration.downloadTotal())
        .put("downloaded", registration.downloaded())
        .put("result", registration.result().wireName())
        .put("failureReason", registration.failureReason().wireName())
        .put("recordsAvailable", registration.recordsAvailable())
        .put("paused", registration.paused())
        .put("version", registration.version())
        .put("records", counts(registration.records()))
        .put("createdAt", time(registration.createdAt()))
        .put("endedAt", time(registration.endedAt()))
        .put("expiresAt", time(registration.expiresAt()));
  }

  private static JsonObject counts(Registration.RecordCounts counts) {
    return new JsonObject()
        .put("total", counts.total())
        .put("settled", counts.settled())
        .put("succeeded", counts.succeeded())
        .put("failed", counts.failed());
  }

  /** A moment as JSON shows it (RFC 3339), to the millisecond. */
  public static @Nullable String time(@Nullable Instant instant) {
    return instant == null ? null : RFC_3339.format(instant);
  }
}
