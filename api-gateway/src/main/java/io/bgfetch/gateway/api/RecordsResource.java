package io.bgfetch.gateway.api;

import io.bgfetch.fetch.FetchResult;
import io.bgfetch.gateway.api.Resources.Reading;
import io.bgfetch.gateway.database.Registrations;
import io.bgfetch.gateway.database.StoredRegistration;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.reading.Matching;
import io.bgfetch.gateway.reading.RecordJson;
import io.bgfetch.gateway.reading.RecordKey;
import io.bgfetch.gateway.reading.RecordPage;
import io.bgfetch.gateway.reading.Records;
import io.bgfetch.gateway.reading.StoredRecord;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.EnumSet;
import java.util.Set;

/** {@code /v1/fetches/{ref}/records}, {@code match} and {@code matchAll}. */
final class RecordsResource {

  private final Registrations registrations;
  private final Records records;
  private final Matching matching;
  private final ResponseWaits waits;
  private final RecordJson shown;

  RecordsResource(Reading reading, ResponseWaits waits) {
    this.registrations = reading.registrations();
    this.records = reading.records();
    this.matching = reading.matching();
    this.shown = reading.shown();
    this.waits = waits;
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
        .map(this::json);
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

  void get(RoutingContext rc) {
    int index = Parameters.of(rc).index();
    Answers.within(find(rc))
        .compose(
            found ->
                waits
                    .asPreferred(rc, RecordKey.of(found, index))
                    .compose(waited -> Answers.within(find(found, index, waited))))
        .onSuccess(record -> Answers.json(rc, 200, shown.of(record)))
        .onFailure(rc::fail);
  }

  /** After a wait the registration is not what it was. */
  private Future<StoredRecord> find(StoredRegistration of, int index, boolean anew) {
    Future<StoredRegistration> now =
        anew ? FetchResource.find(registrations, of) : Future.succeededFuture(of);
    return now.compose(registration -> records.find(registration, index))
        .map(
            found ->
                found.orElseThrow(() -> Problem.notFound("there is no such record").toException()));
  }

  Future<JsonObject> match(RoutingContext rc) {
    JsonObject body = Parameters.of(rc).body();
    return find(rc)
        .compose(found -> matching.first(found, QueryReading.of(body, found.base())))
        .map(first -> new JsonObject().put("record", first.map(shown::of).orElse(null)));
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
                    ? matching.page(found, QueryReading.of(body, found.base()), behind, limit)
                    : records.page(found, behind, limit))
        .map(this::json);
  }

  private Future<StoredRegistration> find(RoutingContext rc) {
    return FetchResource.find(registrations, rc);
  }

  private JsonObject json(RecordPage page) {
    JsonArray list = new JsonArray();
    page.records().forEach(record -> list.add(shown.of(record)));
    String next = page.next().isPresent() ? Cursor.of(page.next().getAsInt()) : null;
    return new JsonObject().put("records", list).put("next", next);
  }
}
