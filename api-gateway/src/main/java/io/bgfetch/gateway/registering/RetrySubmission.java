package io.bgfetch.gateway.registering;

import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.body.BodyPieces;
import io.bgfetch.gateway.body.PassedBody;
import io.bgfetch.gateway.body.WholeBody;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.registering.RetryStore.Source;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What failed of a registration, to be registered again: {@code {"id"?: …}}.
 *
 * @param ref which registration; looked up only when nothing was registered under the key yet
 */
record RetrySubmission(String tenant, String ref, BodyPieces body, Workshop workshop)
    implements Submission {

  /** An id, however it is escaped. */
  private static final int MOST_BYTES = 64 * 1024;

  private static final Set<String> MEMBERS = Set.of("id");

  /** By the reference as it was given: what it means changes with the first retry already. */
  @Override
  public String purpose() {
    return "retry " + ref;
  }

  @Override
  public Future<Registration> register(@Nullable KeyClaim claim) {
    if (claim != null) {
      body.listen(claim.identity()::add);
    }
    return new WholeBody(body, MOST_BYTES)
        .run()
        .map(RetrySubmission::id)
        .compose(id -> copy(id, claim));
  }

  private static Optional<String> id(Buffer json) {
    if (json.length() == 0) {
      return Optional.empty();
    }
    Members members = new Members(parsed(json), "", MEMBERS);
    return members.has("id") ? Optional.of(HeadCheck.id(members)) : Optional.empty();
  }

  private static JsonObject parsed(Buffer json) {
    try {
      return new JsonObject(json);
    } catch (DecodeException | ClassCastException notOne) {
      throw Problem.typeError("the body is not a JSON object").toException();
    }
  }

  private Future<Registration> copy(Optional<String> id, @Nullable KeyClaim claim) {
    return workshop
        .retries()
        .source(tenant, ref)
        .map(RetryCopying::requireRetriable)
        .compose(found -> copying(found, id, claim).run());
  }

  private RetryCopying copying(Source found, Optional<String> id, @Nullable KeyClaim claim) {
    RegistrationHead head = found.head().withId(id.orElse(found.head().id()));
    return new RetryCopying(
        workshop.retries(),
        workshop.bodies(),
        found.registration(),
        workshop.loadings().begin(tenant, head, claim));
  }

  @Override
  public Future<Void> identify(BodyIdentity identity) {
    body.listen(identity::add);
    return new PassedBody(body).run();
  }

  @Override
  public @Nullable Throwable broken() {
    return body.failure();
  }
}
