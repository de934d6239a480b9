package io.bgfetch.seal;

import io.bgfetch.fetch.SealedHeader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals values of request headers that carry secrets, bound to the header's name, and beside it an
 * HMAC-SHA-256 by which equal values are known. Both keys are derived from the cluster's one key.
 * Thread-safe.
 */
public final class HeaderSeal {

  private static final String MAC = "HmacSHA256";

  private final SecretSeal sealing;
  private final SecretKeySpec comparing;

  public HeaderSeal(SealKey key, SecureRandom random) {
    this.sealing = new SecretSeal(key, "bgfetch header sealing", random);
    this.comparing = new SecretKeySpec(expand(key, "bgfetch header comparing"), MAC);
  }

  /**
   * Seals a value.
   *
   * @param name of the header, in lower case
   */
  public SealedHeader seal(String name, String value) {
    return new SealedHeader(sealing.seal(name, value), mac(name, value));
  }

  /**
   * Opens a value.
   *
   * @throws SealException if it was sealed with another key or for another name, or changed since
   */
  public String open(String name, SealedHeader header) throws SealException {
    try {
      return sealing.open(name, header.sealed());
    } catch (SealException notOurs) {
      throw new SealException("the header " + name, notOurs);
    }
  }

  /** What {@link SealedHeader#mac} is for this value: equal for equal values of one name. */
  public String mac(String name, String value) {
    return Base64.getEncoder().encodeToString(hmac(comparing, name + "\0" + value));
  }

  /** A key of 32 bytes for one purpose. */
  static byte[] expand(SealKey key, String info) {
    return hmac(new SecretKeySpec(key.bytes(), MAC), info + "\1");
  }

  private static byte[] hmac(SecretKeySpec key, String text) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(key);
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError("every Java platform has " + MAC, impossible);
    }
  }
}
