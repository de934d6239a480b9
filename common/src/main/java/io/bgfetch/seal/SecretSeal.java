package io.bgfetch.seal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals secrets of one purpose: AES-256-GCM (NIST SP 800-38D) with a random nonce, bound to the
 * name of what the secret belongs to. The key is derived from the cluster's one key by HKDF-Expand
 * (RFC 5869, section 2.3), another one for each purpose. Thread-safe.
 */
public final class SecretSeal {

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeySpec sealing;
  private final SecureRandom random;

  /**
   * A seal for one purpose.
   *
   * @param purpose the same for all who open what was sealed for it
   */
  public SecretSeal(SealKey key, String purpose, SecureRandom random) {
    this.sealing = new SecretKeySpec(HeaderSeal.expand(key, purpose), "AES");
    this.random = random;
  }

  /** Seals a value; what comes of it is base64. */
  public String seal(String name, String value) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] coded =
          cipher(Cipher.ENCRYPT_MODE, name, nonce).doFinal(value.getBytes(StandardCharsets.UTF_8));
      byte[] sealed =
          ByteBuffer.allocate(nonce.length + coded.length).put(nonce).put(coded).array();
      return Base64.getEncoder().encodeToString(sealed);
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError("every Java platform has AES-GCM", impossible);
    }
  }

  /**
   * Opens a value.
   *
   * @throws SealException if it was sealed with another key or for another name, or changed since
   */
  public String open(String name, String value) throws SealException {
    try {
      ByteBuffer sealed = ByteBuffer.wrap(Base64.getDecoder().decode(value));
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

  private Cipher cipher(int mode, String name, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, sealing, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
