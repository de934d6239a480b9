package io.bgfetch.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Checked by the verification library of Standard Webhooks. */
class SignaturesTest {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw1H4sTbzlTrA=";
  private static final String OTHER = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  private static final String ID = "019ab3c2-5d1e-7c7a-9b3e-0d8f2a6b4c10:1769860800017:success";
  private static final String BODY =
      "{\"type\":\"backgroundfetchsuccess\",\"data\":{\"id\":\"über\"}}";

  private final Instant now = Instant.now();

  private void verify(String secret, String signature) throws Exception {
    new Webhook(secret)
        .verify(
            BODY,
            Map.of(
                "webhook-id", List.of(ID),
                "webhook-timestamp", List.of(Long.toString(now.getEpochSecond())),
                "webhook-signature", List.of(signature)));
  }

  @Test
  void isTheOneThatTheLibraryMakes() throws Exception {
    assertThat(Signatures.of(ID, now, Buffer.buffer(BODY), List.of(SECRET)))
        .isEqualTo(new Webhook(SECRET).sign(ID, now.getEpochSecond(), BODY));
  }

  @Test
  void areVerifiedByEitherSecretWhileBothSign() {
    String both = Signatures.of(ID, now, Buffer.buffer(BODY), List.of(SECRET, OTHER));

    assertThatCode(() -> verify(SECRET, both)).doesNotThrowAnyException();
    assertThatCode(() -> verify(OTHER, both)).doesNotThrowAnyException();
  }

  @Test
  void areNotVerifiedByAnotherSecret() {
    String one = Signatures.of(ID, now, Buffer.buffer(BODY), List.of(SECRET));

    assertThatThrownBy(() -> verify(OTHER, one)).isInstanceOf(WebhookVerificationException.class);
  }
}
