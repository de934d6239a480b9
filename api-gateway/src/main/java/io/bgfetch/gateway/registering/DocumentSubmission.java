package io.bgfetch.gateway.registering;

import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.body.BodyBudget;
import io.bgfetch.gateway.body.BodyPieces;
import io.bgfetch.gateway.body.PassedBody;
import io.bgfetch.gateway.body.WholeBody;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** A registration in one JSON document. */
record DocumentSubmission(String tenant, BodyPieces body, Workshop workshop) implements Submission {

  @Override
  public String purpose() {
    return "register application/json";
  }

  @Override
  public Future<Registration> register(@Nullable KeyClaim claim) {
    if (claim != null) {
      body.listen(claim.identity()::add);
    }
    BodyBudget.Share share = workshop.budget().share(tenant);
    return new WholeBody(body, workshop.limits().documentBytes(), share)
        .run()
        .compose(json -> workshop.threads().check(json, false))
        .compose(document -> store(document, claim))
        .onComplete(done -> share.close());
  }

  private Future<Registration> store(CheckedDocument document, @Nullable KeyClaim claim) {
    Loading loading = workshop.loadings().begin(tenant, document.head(), claim);
    return new DocumentStoring(loading, document.batches(request -> request), workshop.threads())
        .run();
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
