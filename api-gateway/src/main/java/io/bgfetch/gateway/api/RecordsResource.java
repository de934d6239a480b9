package io.bgfetch.gateway.api;

import io.bgfetch.fetch.FetchResult;
import io.bgfetch.gateway.database.Registrations;
import io.bgfetch.gateway.database.StoredRegistration;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.reading.Matching;
import io.bgfetch.gateway.reading.RecordJson;
import io.bgfetch.gateway.reading.RecordPage;
import io.bgfetch.gateway.reading.RecordQuery;
import io.bgfetch.gateway.reading.Records;
import io.bgfetch.url.WebUrl;
import io.bgfetch.url.WebUrlException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /v1/fetches/{ref}/records}, {@code match} and {@code matchAll}. */
final class RecordsResource {

  private final Registrations registrations;
  private final Records records;
  private final Matching matching;

  RecordsResource(Registrations registrations, Records records) {
    this.registrations = registrations;
    this.records = records;
    this.matching = new Matching(records);
  }

  Future<JsonObject> list(RoutingContext rc) {
    Parameters parameters = Parameters.of(rc);
    int behind = parameters.cursor().map(Cursor::index).orElse(Records.START);
    String wanted = parameters.query("result").orElse(null);
    Set<FetchResult> results = wanted == null ? Set.of() : results(wanted);
    return find(rc)
        .compose(
            found ->
                wanted == null
                    ? records.page(found, behind, parameters.limit())
                    : records.page(found, results, behind, parameters.limit()))
        .map(RecordsResource::json);
  }

  private static Set<FetchResult> results(String wanted) {
    Set<FetchResult> results = EnumSet.noneOf(FetchResult.class);
    for (String name : wanted.split(",", -1)) {
      results.add(
          FetchResult.ofWireName(name)
              .filter(result -> result != FetchResult.NONE)
              .orElseThrow(() -> Problem.badRequest("result: no such result").toException()));
    }
    return results;
  }

  Future<JsonObject> get(RoutingContext rc) {
    int index = Parameters.of(rc).index();
    return find(rc)
        .compose(found -> records.find(found, index))
        .map(
            found ->
                found.orElseThrow(() -> Problem.notFound("there is no such record").toException()))
        .map(RecordJson::of);
  }

  Future<JsonObject> match(RoutingContext rc) {
    JsonObject body = Parameters.of(rc).body();
    return find(rc)
        .compose(found -> matching.first(found, query(body, found)))
        .map(first -> new JsonObject().put("record", first.map(RecordJson::of).orElse(null)));
  }

  Future<JsonObject> matchAll(RoutingContext rc) {
    JsonObject body = Parameters.of(rc).body();
    String cursor = body.getString("cursor");
    int behind = cursor == null ? Records.START : Cursor.index(cursor);
    int limit = body.getInteger("limit", Parameters.DEFAULT_LIMIT);
    return find(rc)
        .compose(
            found ->
                body.containsKey("request")
                    ? matching.page(found, query(body, found), behind, limit)
                    : records.page(found, behind, limit))
        .map(RecordsResource::json);
  }

  private Future<StoredRegistration> find(RoutingContext rc) {
    return FetchResource.find(registrations, rc);
  }

  private static RecordQuery query(JsonObject body, StoredRegistration of) {
    JsonObject options = body.getJsonObject("options", new JsonObject());
    Object request = body.getValue("request");
    Map<String, String> headers = new HashMap<>();
    if (request instanceof JsonObject object) {
      object
          .getJsonObject("headers", new JsonObject())
          .forEach(header -> headers.put(header.getKey(), (String) header.getValue()));
    }
    return new RecordQuery(
        url(request instanceof JsonObject object ? object.getString("url") : request, of.base()),
        headers,
        options.getBoolean("ignoreSearch", false),
        options.getBoolean("ignoreMethod", false),
        options.getBoolean("ignoreVary", false));
  }

  private static WebUrl url(@Nullable Object text, @Nullable String base) {
    try {
      return WebUrl.parse(String.valueOf(text), base == null ? null : WebUrl.parse(base));
    } catch (WebUrlException notOne) {
      throw Problem.typeError("request: " + notOne.getMessage()).toException();
    }
  }

  private static JsonObject json(RecordPage page) {
    JsonArray list = new JsonArray();
    page.records().forEach(record -> list.add(RecordJson.of(record)));
    String next = page.next().isPresent() ? Cursor.of(page.next().getAsInt()) : null;
    return new JsonObject().put("records", list).put("next", next);
  }
}
