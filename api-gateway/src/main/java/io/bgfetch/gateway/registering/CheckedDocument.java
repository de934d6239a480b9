package io.bgfetch.gateway.registering;

import io.bgfetch.gateway.problem.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A registration that came as one JSON document, all of it checked. Its requests are read again
 * when they are stored: only the document itself lies in memory.
 *
 * @param json of the document, owned by this value
 * @param check of its requests
 * @param parts that requests have their bodies in
 */
@SuppressWarnings("ArrayRecordComponent") // equality of documents is asked for nowhere
record CheckedDocument(
    byte[] json, RegistrationHead head, RequestCheck check, List<PartUse> parts) {

  /** A request that has its body in a part of the form. */
  record PartUse(int index, String part) {}

  /**
   * Checks a document. Takes up to seconds for the largest ones.
   *
   * @param inForm whether it came in a form, whose parts may be bodies
   */
  static CheckedDocument of(byte[] json, Checks checks, boolean inForm) {
    RegistrationHead head = checks.head().check(DocumentParser.head(json), true);
    RequestCheck check = inForm ? checks.partRequest() : checks.request();
    return new CheckedDocument(json, head, check, checked(json, head, check));
  }

  private static List<PartUse> checked(byte[] json, RegistrationHead head, RequestCheck check) {
    RequestList list = new RequestList(check, head);
    List<PartUse> parts = new ArrayList<>();
    DocumentParser requests = DocumentParser.requests(json);
    for (int index = 0; requests.hasNext() && !list.hopeless(); index++) {
      CheckedRequest request = list.next(requests.next());
      String part = request == null ? null : request.bodyPart();
      if (part != null) {
        parts.add(new PartUse(index, part));
      }
    }
    list.requireCorrect();
    return parts;
  }

  /** All parts that requests refer to, each with the first request that does. */
  Map<String, Integer> firstUses() {
    Map<String, Integer> uses = new HashMap<>();
    parts.forEach(use -> uses.putIfAbsent(use.part(), use.index()));
    return uses;
  }

  /** Its requests, in batches, the last of which is never empty. */
  Batches batches(UnaryOperator<CheckedRequest> completed) {
    return new Batches(this, completed);
  }

  /** Reads the requests of a checked document once more. Used by one thread at a time. */
  static final class Batches {

    private final RequestList list;
    private final DocumentParser requests;
    private final UnaryOperator<CheckedRequest> completed;
    private final int bytes;
    private int next;

    private Batches(CheckedDocument document, UnaryOperator<CheckedRequest> completed) {
      this.list = new RequestList(document.check, document.head);
      this.requests = DocumentParser.requests(document.json);
      this.completed = completed;
      this.bytes = document.json.length;
    }

    /** Length of the document. */
    int bytes() {
      return bytes;
    }

    /** Whether there is a further batch. */
    boolean hasNext() {
      return requests.hasNext();
    }

    /** The next batch. */
    RequestBatch next() {
      RequestBatch batch = new RequestBatch(next);
      while (requests.hasNext() && !batch.full()) {
        CheckedRequest request = list.next(requests.next());
        if (request == null) {
          throw Problem.internal().toException(); // it was right when it was checked
        }
        batch.add(completed.apply(request));
      }
      next = batch.nextIndex();
      return batch;
    }
  }
}
