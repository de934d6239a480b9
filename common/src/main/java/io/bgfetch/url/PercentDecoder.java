package io.bgfetch.url;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Percent-decoding, as the standard wants it for domains (URL standard, section 1.3). */
final class PercentDecoder {

  private PercentDecoder() {}

  /** The text with its percent-encoded bytes read as UTF-8; a stray percent sign stays one. */
  static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if (isEncodedByte(bytes, i)) {
        decoded.write(hex(bytes[i + 1]) << 4 | hex(bytes[i + 2]));
        i += 2;
      } else {
        decoded.write(bytes[i]);
      }
    }
    return decoded.toString(StandardCharsets.UTF_8);
  }

  private static boolean isEncodedByte(byte[] bytes, int i) {
    return bytes[i] == '%'
        && i + 2 < bytes.length
        && hex(bytes[i + 1]) >= 0
        && hex(bytes[i + 2]) >= 0;
  }

  private static int hex(byte character) {
    return Ascii.digit(character & 0xFF, 16);
  }
}
