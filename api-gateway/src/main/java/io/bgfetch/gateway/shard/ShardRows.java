package io.bgfetch.gateway.shard;

import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.Registration;
import io.bgfetch.fetch.RetryPolicy;
import io.bgfetch.fetch.Timeouts;
import io.bgfetch.gateway.database.RecordColumns;
import io.bgfetch.gateway.database.RegistrationRows;
import io.bgfetch.gateway.shard.Step.Waiting;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Rows that a shard reads, as the values that its core knows. */
final class ShardRows {

  private ShardRows() {}

  /** A registration as it was found, for loading. */
  record Found(Registration registration, RegistrationTerms terms, RegistrationState state) {}

  static Found found(Row row) {
    UUID uid = row.getUUID("uid");
    Set<Integer> statuses =
        Arrays.stream(row.getArrayOfIntegers("retry_statuses")).collect(Collectors.toSet());
    RetryPolicy retry =
        new RetryPolicy(row.getInteger("retry_limit"), statuses, row.getBoolean("retry_unsafe"));
    Timeouts timeouts =
        new Timeouts(
            Duration.ofMillis(row.getLong("connect_millis")),
            Duration.ofMillis(row.getLong("first_byte_millis")),
            Duration.ofMillis(row.getLong("idle_millis")),
            Duration.ofMillis(row.getLong("total_millis")));
    return new Found(
        RegistrationRows.registration(row),
        new RegistrationTerms(
            uid, row.getString("tenant"), row.getInteger("shard"), retry, timeouts),
        state(row));
  }

  private static RegistrationState state(Row row) {
    return new RegistrationState(
        row.getUUID("uid"),
        row.getBoolean("paused"),
        row.getLong("version"),
        row.getInteger("total"),
        row.getInteger("dispatched"),
        row.getInteger("settled"),
        row.getInteger("succeeded"),
        row.getInteger("failed"),
        row.getLong("download_total"),
        row.getLong("downloaded"),
        row.getLong("uploaded"),
        FetchResult.ofWireName(row.getString("first_failure")).orElseThrow());
  }

  static Shard.Loaded loaded(Row row) {
    UnderWay state = row.getInteger("attempt") == null ? null : underWay(row);
    return new Shard.Loaded(row.getInteger("index"), RecordColumns.request(row), state);
  }

  static Waiting waiting(Row row) {
    return new Waiting(
        new RecordId(row.getUUID("uid"), row.getInteger("index")),
        underWay(row),
        row.getString("host"));
  }

  private static UnderWay underWay(Row row) {
    OffsetDateTime nextTry = row.getOffsetDateTime("next_try");
    String token = row.getString("grant_token");
    var stored = row.getJsonArray("stored");
    return new UnderWay(
        row.getInteger("attempt"),
        row.getInteger("tries"),
        row.getInteger("lost"),
        nextTry == null ? null : nextTry.toInstant().toEpochMilli(),
        token == null ? null : new UnderWay.Grant(row.getInteger("grant_attempt"), token),
        RecordColumns.response(row.getJsonObject("response")),
        stored == null ? null : RecordColumns.segments(stored),
        row.getLong("downloaded"),
        new Spent(
            row.getLong("uploaded"),
            row.getLong("uploaded_before"),
            row.getLong("connected"),
            row.getLong("connected_before")));
  }
}
