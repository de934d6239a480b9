package io.bgfetch.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How things are named on the wire: uids in paths, ids and cursors in queries. */
final class Refs {
  private static final Pattern UID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private Refs() {}

  static boolean isUid(String ref) {
    return UID.matcher(ref).matches();
  }

  static String query(int limit, @Nullable String cursor) {
    return "?limit=" + limit + (cursor == null ? "" : "&cursor=" + Gateway.encode(cursor));
  }

  static <T> Page<T> page(JsonNode json, String member, Function<JsonNode, T> reader) {
    List<T> items = new ArrayList<>();
    json.path(member).forEach(item -> items.add(reader.apply(item)));
    return new Page<>(List.copyOf(items), Json.textOrNull(json, "next"));
  }
}
