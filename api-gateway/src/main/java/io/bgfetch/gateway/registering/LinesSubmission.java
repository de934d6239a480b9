package io.bgfetch.gateway.registering;

import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.body.BodyBudget;
import io.bgfetch.gateway.body.BodyPieces;
import io.bgfetch.gateway.body.PassedBody;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** A registration in lines, NDJSON. */
record LinesSubmission(String tenant, BodyPieces body, Workshop workshop) implements Submission {

  @Override
  public String purpose() {
    return "register application/x-ndjson";
  }

  @Override
  public Future<Registration> register(@Nullable KeyClaim claim) {
    if (claim != null) {
      body.listen(claim.identity()::add);
    }
    BodyBudget.Share share = workshop.budget().share(tenant);
    return new LineReading(
            body, workshop.checks(), share, head -> workshop.loadings().begin(tenant, head, claim))
        .run()
        .onComplete(done -> share.close());
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
