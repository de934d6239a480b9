package io.bgfetch.gateway.registering;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.body.BodyBudget;
import io.bgfetch.gateway.problem.Offence;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.registering.CheckedDocument.PartUse;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of a form come to be: the first one the registration, every other one the body of
 * the requests that name it. One call at a time, the next when the future of the last has ended.
 */
final class FormParts {

  private static final String REGISTRATION = "registration";

  /** Small bodies of one form; from then on even those go to the blob store. */
  private static final long MOST_IN_MEMORY = 4 << 20;

  private final RegisteringLimits limits;
  private final DocumentThreads threads;
  private final BodyBudget.Share share;
  private final Function<RegistrationHead, Loading> begin;
  private final Buffer json = Buffer.buffer();
  private final Map<String, StoredBody> bodies = new HashMap<>();
  private Map<String, Integer> uses = Map.of();
  private long received;
  private long inMemory;
  private String name = "";
  private boolean begun;
  private @Nullable CheckedDocument document;
  private @Nullable Loading loading;
  private @Nullable BodyWriting writing;

  /**
   * The parts of one form.
   *
   * @param share of the memory for documents; not closed here
   * @param begin begins to store a registration
   */
  FormParts(
      RegisteringLimits limits,
      DocumentThreads threads,
      BodyBudget.Share share,
      Function<RegistrationHead, Loading> begin) {
    this.limits = limits;
    this.threads = threads;
    this.share = share;
    this.begin = begin;
  }

  /** The part of this name begins. */
  Future<Void> begin(String part) {
    name = part;
    if (!begun) {
      begun = true;
      return part.equals(REGISTRATION)
          ? Future.succeededFuture()
          : refused("the first part is not named registration");
    }
    if (bodies.containsKey(part)) {
      return refused("there are two parts " + shown(part));
    }
    Integer index = uses.get(part);
    return index != null
        ? beginBody(index)
        : refused("no request refers to the part " + shown(part));
  }

  /** Its segments have their names from the first request that refers to it. */
  private Future<Void> beginBody(int index) {
    Loading ready = Objects.requireNonNull(loading);
    return ready
        .admit(received)
        .map(left -> new BodyRoom(limits.requestBodyBytes(), left, limits.quotaBytes()))
        .compose(
            room -> {
              writing = ready.beginBody(index, room);
              return ready.open();
            });
  }

  /** The next bytes of the part. Throws the problem of one that has become too long. */
  Future<Void> content(Buffer piece) {
    BodyWriting body = writing;
    return body == null ? documentContent(piece) : body.write(piece);
  }

  private Future<Void> documentContent(Buffer piece) {
    if (json.length() + piece.length() > limits.documentBytes()) {
      throw Problem.tooLarge("the registration is longer than " + limits.documentBytes() + " bytes")
          .toException();
    }
    share.take(piece.length());
    json.appendBuffer(piece);
    return Future.succeededFuture();
  }

  /** The part is complete. */
  Future<Void> end() {
    BodyWriting body = writing;
    return body == null ? documentEnd() : bodyEnd(body);
  }

  private Future<Void> documentEnd() {
    return threads
        .check(json, true)
        .map(
            checked -> {
              document = checked;
              uses = checked.firstUses();
              loading = begin.apply(checked.head());
              return null;
            });
  }

  private Future<Void> bodyEnd(BodyWriting body) {
    return body.finish(this::staysInMemory)
        .map(
            stored -> {
              bodies.put(name, stored);
              received += body.size();
              writing = null;
              return null;
            });
  }

  private boolean staysInMemory(int size) {
    boolean stays = inMemory + size <= MOST_IN_MEMORY && share.offer(size);
    inMemory += stays ? size : 0;
    return stays;
  }

  /** Every part was there. */
  Future<Registration> register() {
    CheckedDocument whole = document;
    Loading open = loading;
    if (whole == null || open == null) {
      return Future.failedFuture(
          Problem.typeError("the form has no part registration").toException());
    }
    List<Offence> missing =
        whole.parts().stream()
            .filter(use -> !bodies.containsKey(use.part()))
            .limit(RequestList.MOST_OFFENCES)
            .map(FormParts::missing)
            .toList();
    return missing.isEmpty()
        ? new DocumentStoring(open, whole.batches(this::completed), threads).run()
        : Future.failedFuture(Problem.typeError(missing).toException());
  }

  private CheckedRequest completed(CheckedRequest request) {
    String part = request.bodyPart();
    return part == null ? request : request.withBody(Objects.requireNonNull(bodies.get(part)));
  }

  private static Offence missing(PartUse use) {
    return new Offence(use.index(), "bodyPart: there is no part " + shown(use.part()));
  }

  /** Deletes what was stored. */
  Future<Void> abandon() {
    BodyWriting body = writing;
    writing = null;
    Future<Void> closed = body == null ? Future.succeededFuture() : body.abandon();
    return closed.transform(done -> loading == null ? Future.succeededFuture() : loading.abandon());
  }

  private static Future<Void> refused(String detail) {
    return Future.failedFuture(Problem.typeError(detail).toException());
  }

  private static String shown(String part) {
    return "\"" + (part.length() <= 64 ? part : part.substring(0, 64) + "…") + "\"";
  }
}
