package io.bgfetch.gateway.registering;

import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.body.BodyBudget;
import io.bgfetch.gateway.body.BodyPieces;
import io.bgfetch.gateway.body.BodyReading;
import io.bgfetch.gateway.body.FormParser;
import io.bgfetch.gateway.body.PartHead;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** A registration in a form: a JSON document, and large request bodies as further parts. */
record FormSubmission(String tenant, String boundary, BodyPieces body, Workshop workshop)
    implements Submission {

  @Override
  public String purpose() {
    return "register multipart/form-data";
  }

  @Override
  public Future<Registration> register(@Nullable KeyClaim claim) {
    BodyBudget.Share share = workshop.budget().share(tenant);
    FormParts parts =
        new FormParts(workshop.limits(), workshop.threads(), share, head -> begin(head, claim));
    BodyIdentity identity = claim == null ? null : claim.identity();
    return new FormReading(body, boundary, identity, parts).run().onComplete(done -> share.close());
  }

  /** The document is there; the bodies may take their time. */
  private Loading begin(RegistrationHead head, @Nullable KeyClaim claim) {
    body.atLeisure();
    return workshop.loadings().begin(tenant, head, claim);
  }

  @Override
  public Future<Void> identify(BodyIdentity identity) {
    body.atLeisure(); // nothing of it is kept
    Passing passing = new Passing(boundary, identity);
    new BodyReading(body, passing).start();
    return passing.promise.future();
  }

  @Override
  public @Nullable Throwable broken() {
    return body.failure();
  }

  /** Lets a form go by. */
  private static final class Passing implements BodyReading.Sink, FormParser.Sink {

    private final FormParser parser;
    private final Promise<Void> promise = Promise.promise();

    Passing(String boundary, BodyIdentity identity) {
      this.parser = new FormParser(boundary, new FormIdentity(identity, this));
    }

    @Override
    public void piece(Buffer piece) {
      parser.parse(piece);
    }

    @Override
    public void end() {
      parser.end();
      promise.complete();
    }

    @Override
    public void failed(Throwable cause) {
      promise.fail(cause);
    }

    @Override
    public void begin(PartHead head) {}

    @Override
    public void content(Buffer piece) {}

    @Override
    public void partEnd() {}
  }
}
