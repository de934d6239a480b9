package io.bgfetch.cli;

import io.bgfetch.client.RegistrationState;
import io.bgfetch.client.RegistrationState.RecordCounts;
import java.time.Instant;
import java.util.List;

/** States of a fetch with the id {@code my-fetch}, made at noon. */
final class States {
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private States() {}

  static RegistrationState active(long total, long settled, long downloaded) {
    return state(new RecordCounts(total, settled, settled, 0), downloaded, 0, "", "", null);
  }

  static RegistrationState of(RecordCounts counts, long downloaded, long downloadTotal) {
    return state(counts, downloaded, downloadTotal, "", "", null);
  }

  static RegistrationState uploading(long uploaded, long uploadTotal) {
    RegistrationState state = active(1, 0, 0);
    return new RegistrationState(
        state.id(),
        state.uid(),
        state.title(),
        state.icons(),
        uploadTotal,
        uploaded,
        0,
        0,
        "",
        "",
        true,
        false,
        1,
        state.records(),
        state.createdAt(),
        null,
        null);
  }

  static RegistrationState succeeded(long total, long downloaded) {
    return state(
        new RecordCounts(total, total, total, 0),
        downloaded,
        0,
        "success",
        "",
        NOON.plusSeconds(12));
  }

  static RegistrationState failed(long total, long failed, String reason) {
    return state(
        new RecordCounts(total, total, total - failed, failed),
        0,
        0,
        "failure",
        reason,
        NOON.plusMillis(400));
  }

  private static RegistrationState state(
      RecordCounts counts,
      long downloaded,
      long downloadTotal,
      String result,
      String reason,
      Instant endedAt) {
    return new RegistrationState(
        "my-fetch",
        "019ab000-0000-7000-8000-000000000001",
        "",
        List.of(),
        0,
        0,
        downloadTotal,
        downloaded,
        result,
        reason,
        true,
        false,
        1,
        counts,
        NOON,
        endedAt,
        null);
  }
}
