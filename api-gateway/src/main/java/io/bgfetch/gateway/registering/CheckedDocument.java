package io.bgfetch.gateway.registering;

import io.bgfetch.gateway.problem.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * A registration that came as one JSON document, all of it checked.
 *
 * @param batches its requests; the last one is never empty
 */
record CheckedDocument(RegistrationHead head, List<RequestBatch> batches) {

  /** Checks a document. Takes up to seconds for the largest ones. */
  static CheckedDocument of(Buffer json, RegisteringLimits limits) {
    JsonObject document = parsed(json);
    RegistrationHead head = new HeadCheck(limits).check(document, true);
    RequestList list = new RequestList(new RequestCheck(limits), head);
    List<RequestBatch> batches = batches(requestsOf(document), list);
    list.requireCorrect();
    return new CheckedDocument(head, batches);
  }

  private static JsonObject parsed(Buffer json) {
    try {
      return new JsonObject(json);
    } catch (DecodeException | ClassCastException notOne) {
      throw Problem.typeError("the body is not a JSON object").toException();
    }
  }

  private static Iterable<Object> requestsOf(JsonObject document) {
    return switch (document.getValue("requests")) {
      case JsonArray list -> list;
      case String url -> List.of(url);
      case JsonObject request -> List.of(request);
      case null, default ->
          throw Problem.typeError("requests: is not a URL, an object or a list of them")
              .toException();
    };
  }

  private static List<RequestBatch> batches(Iterable<Object> requests, RequestList list) {
    List<RequestBatch> batches = new ArrayList<>();
    RequestBatch batch = new RequestBatch(0);
    batches.add(batch);
    for (Object request : requests) {
      CheckedRequest checked = list.next(request);
      if (checked != null) {
        if (batch.full()) {
          batch = new RequestBatch(batch.nextIndex());
          batches.add(batch);
        }
        batch.add(checked);
      } else if (list.hopeless()) {
        return batches;
      }
    }
    return batches;
  }
}
