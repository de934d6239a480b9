package io.bgfetch.seal;

import io.bgfetch.fetch.SealedHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals values of request headers that carry secrets: AES-256-GCM (NIST SP 800-38D) with a random
 * nonce, bound to the header's name, and beside it an HMAC-SHA-256 by which equal values are known.
 * Both keys are derived from the cluster's one key by HKDF-Expand (RFC 5869, section 2.3).
 * Thread-safe.
 */
public final class HeaderSeal {

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final String MAC = "HmacSHA256";

  private final SecretKeySpec sealing;
  private final SecretKeySpec comparing;
  private final SecureRandom random;

  public HeaderSeal(SealKey key, SecureRandom random) {
    this.sealing = new SecretKeySpec(expand(key, "bgfetch header sealing"), "AES");
    this.comparing = new SecretKeySpec(expand(key, "bgfetch header comparing"), MAC);
    this.random = random;
  }

  /**
   * Seals a value.
   *
   * @param name of the header, in lower case
   */
  public SealedHeader seal(String name, String value) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] coded =
          cipher(Cipher.ENCRYPT_MODE, name, nonce).doFinal(value.getBytes(StandardCharsets.UTF_8));
      byte[] sealed =
          ByteBuffer.allocate(nonce.length + coded.length).put(nonce).put(coded).array();
      return new SealedHeader(Base64.getEncoder().encodeToString(sealed), mac(name, value));
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError("every Java platform has AES-GCM", impossible);
    }
  }

  /**
   * Opens a value.
   *
   * @throws SealException if it was sealed with another key or for another name, or changed since
   */
  public String open(String name, SealedHeader header) throws SealException {
    try {
      ByteBuffer sealed = ByteBuffer.wrap(Base64.getDecoder().decode(header.sealed()));
      byte[] nonce = new byte[NONCE_BYTES];
      sealed.get(nonce);
      byte[] coded = new byte[sealed.remaining()];
      sealed.get(coded);
      return new String(
          cipher(Cipher.DECRYPT_MODE, name, nonce).doFinal(coded), StandardCharsets.UTF_8);
    } catch (GeneralSecurityException | RuntimeException notOurs) {
      throw new SealException(name, notOurs);
    }
  }

  /** What {@link SealedHeader#mac} is for this value: equal for equal values of one name. */
  public String mac(String name, String value) {
    return Base64.getEncoder().encodeToString(hmac(comparing, name + "\0" + value));
  }

  private Cipher cipher(int mode, String name, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, sealing, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  private static byte[] expand(SealKey key, String info) {
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
