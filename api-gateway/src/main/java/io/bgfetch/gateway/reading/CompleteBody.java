package io.bgfetch.gateway.reading;

import io.bgfetch.blob.StoredBody;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The whole body of a response.
 *
 * @param contentType that the origin gave, null where it gave none
 * @param digest its SHA-256 in base64
 */
public record CompleteBody(StoredBody bytes, @Nullable String contentType, String digest) {

  public long size() {
    return bytes.size();
  }

  /** A strong entity tag: the SHA-256 in hexadecimal. */
  public String etag() {
    return "\"" + HexFormat.of().formatHex(Base64.getDecoder().decode(digest)) + "\"";
  }
}
