package io.bgfetch.gateway.reading;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.blob.StoredBody.Segment;
import io.bgfetch.fetch.FetchResult;
import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.gateway.database.RecordColumns;
import io.bgfetch.gateway.problem.Problem;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far the response of a record is. */
sealed interface BodyState {

  /** Its head is not known yet: the record waits, or is on its way to the origin. */
  record Awaited() implements BodyState {}

  /** Its head is known and its body arrives; these segments of it are durable. */
  record Arriving(RecordResponse head, List<Segment> stored) implements BodyState {
    public Arriving {
      stored = List.copyOf(stored);
    }
  }

  record Complete(CompleteBody body) implements BodyState {}

  /** There is nothing to read and will be nothing. */
  record Unreadable(Problem why) implements BodyState {}

  /**
   * The state in a row of {@link RecordSql#LOOK}.
   *
   * @param before what was known of the record when the row was asked for
   */
  static BodyState of(Row row, @Nullable Arriving before) {
    String result = row.getString("result");
    if (result != null) {
      return ended(row, FetchResult.ofWireName(result).orElseThrow());
    }
    if (row.getBoolean("ended")) {
      return new Unreadable(why(FetchResult.ABORTED, null));
    }
    if (before != null && Boolean.TRUE.equals(row.getBoolean("as_before"))) {
      return before;
    }
    RecordResponse head = RecordColumns.response(row.getJsonObject("arriving"));
    JsonArray stored = row.getJsonArray("stored");
    return head == null
        ? new Awaited()
        : new Arriving(
            head, stored == null ? List.of() : RecordColumns.segments(stored).segments());
  }

  private static BodyState ended(Row row, FetchResult result) {
    StoredBody bytes =
        RecordColumns.body(row.getBuffer("body_inline"), row.getJsonArray("body_segments"));
    RecordResponse head = RecordColumns.response(row.getJsonObject("response"));
    String digest = row.getString("digest");
    return !result.readable() || bytes == null || head == null || digest == null
        ? new Unreadable(why(result, row.getString("error")))
        : new Complete(new CompleteBody(bytes, head, digest));
  }

  private static Problem why(FetchResult result, @Nullable String error) {
    return result == FetchResult.ABORTED
        ? Problem.conflict("AbortError", "the fetch was aborted")
        : Problem.conflict("TypeError", error == null ? result.wireName() : error);
  }
}
