package io.bgfetch.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a case found out: a table, what has to be said about it, and the targets.
 *
 * @param id the letter that it is called by
 * @param when in UTC, to the minute
 * @param revision of which state of the sources
 */
record Result(
    String id,
    String title,
    String when,
    String revision,
    List<String> notes,
    List<Measurement> rows,
    List<Check> checks) {

  /** One without anything in it yet. */
  Result(String id, String title, String when, String revision) {
    this(id, title, when, revision, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }

  /** Whether bgfetch did all that it was asked for. */
  boolean isSuccess() {
    return rows.stream()
        .noneMatch(row -> row.program().equals("bgfetch") && !row.failures().isEmpty());
  }

  /** The one of two that was measured later, or the other if that was in the same minute. */
  static Result later(Result one, Result other) {
    return one.when.compareTo(other.when) > 0 ? one : other;
  }

  /** The one that has the greatest median, of those whose program is not bgfetch or wrk. */
  Optional<Measurement> fastestTool() {
    return rows.stream()
        .filter(row -> !row.program().equals("bgfetch") && !row.program().equals("wrk"))
        .filter(Measurement::isMeasured)
        .max(Comparator.comparingDouble(Measurement::median));
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", id);
    json.put("title", title);
    json.put("when", when);
    json.put("revision", revision);
    json.put("notes", notes);
    json.put("rows", rows.stream().map(Measurement::toJson).toList());
    json.put("checks", checks.stream().map(Check::toJson).toList());
    return json;
  }

  static Result fromJson(Map<String, Object> json) {
    return new Result(
        json.get("id").toString(),
        json.get("title").toString(),
        json.get("when").toString(),
        json.get("revision").toString(),
        Json.list(json.get("notes")).stream().map(Object::toString).toList(),
        Json.list(json.get("rows")).stream()
            .map(row -> Measurement.fromJson(Json.object(row)))
            .toList(),
        Json.list(json.get("checks")).stream()
            .map(check -> Check.fromJson(Json.object(check)))
            .toList());
  }
}
