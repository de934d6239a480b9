package io.bgfetch.gateway.registering;

import io.bgfetch.gateway.body.FormParser;
import io.bgfetch.gateway.body.PartHead;
import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a form: names and contents of its parts, in their order. Not its bytes: who sends
 * a form again cuts it with another boundary.
 */
final class FormIdentity implements FormParser.Sink {

  private final @Nullable BodyIdentity identity;
  private final FormParser.Sink next;
  private final MessageDigest part = BodyIdentity.sha256();

  /** Shows everything to {@code next} too; of no identity where that is null. */
  FormIdentity(@Nullable BodyIdentity identity, FormParser.Sink next) {
    this.identity = identity;
    this.next = next;
  }

  @Override
  public void begin(PartHead head) {
    if (identity != null) {
      identity.addText(head.name());
    }
    next.begin(head);
  }

  @Override
  public void content(Buffer piece) {
    if (identity != null) {
      part.update(piece.getBytes());
    }
    next.content(piece);
  }

  @Override
  public void partEnd() {
    if (identity != null) {
      identity.add(Buffer.buffer(part.digest()));
    }
    next.partEnd();
  }
}
