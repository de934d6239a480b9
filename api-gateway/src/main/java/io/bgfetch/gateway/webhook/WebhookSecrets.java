package io.bgfetch.gateway.webhook;

import io.bgfetch.seal.SealException;
import io.bgfetch.seal.SealKey;
import io.bgfetch.seal.SecretSeal;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;

/**
 * The secrets that webhooks sign with: {@code whsec_} and random bytes in base64. In Postgres they
 * are sealed, each bound to its webhook.
 */
public final class WebhookSecrets {

  static final String PREFIX = "whsec_";

  private static final int BYTES = 32;

  private final SecretSeal seal;
  private final SecureRandom random;

  public WebhookSecrets(SealKey key, SecureRandom random) {
    this.seal = new SecretSeal(key, "bgfetch webhook signing", random);
    this.random = random;
  }

  String make() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return PREFIX + Base64.getEncoder().encodeToString(bytes);
  }

  String seal(UUID webhook, String secret) {
    return seal.seal(name(webhook), secret);
  }

  /** Opens one. Fails where it was sealed with another cluster's key. */
  String open(UUID webhook, String sealed) throws SealException {
    return seal.open(name(webhook), sealed);
  }

  private static String name(UUID webhook) {
    return "the secret of webhook " + webhook;
  }
}
