package io.bgfetch.gateway.webhook;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Symmetric signatures of Standard Webhooks: {@code v1} is HMAC-SHA-256 over id, time and body. */
final class Signatures {

  private static final String MAC = "HmacSHA256";

  private Signatures() {}

  /**
   * The value of {@code webhook-signature}.
   *
   * @param secrets that sign, each as its owner was given it
   */
  static String of(String id, Instant at, Buffer body, List<String> secrets) {
    return secrets.stream()
        .map(secret -> "v1," + signature(id + "." + at.getEpochSecond() + ".", body, secret))
        .collect(Collectors.joining(" "));
  }

  private static String signature(String before, Buffer body, String secret) {
    byte[] key = Base64.getDecoder().decode(secret.substring(WebhookSecrets.PREFIX.length()));
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(key, MAC));
      mac.update(before.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(mac.doFinal(body.getBytes()));
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError("every Java platform has " + MAC, impossible);
    }
  }
}
