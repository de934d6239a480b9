package io.bgfetch.gateway.reading;

import io.bgfetch.blob.StoredBody;
import io.bgfetch.fetch.RecordResponse;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The whole body of a response.
 *
 * @param digest its SHA-256 in base64
 */
public record CompleteBody(StoredBody bytes, RecordResponse head, String digest) {

  public long size() {
    return bytes.size();
  }

  /** As the origin gave it, null where it gave none. */
  public @Nullable String contentType() {
    return head.headers().get("content-type");
  }

  /** A strong entity tag: the SHA-256 in hexadecimal. */
  public String etag() {
    return "\"" + HexFormat.of().formatHex(Base64.getDecoder().decode(digest)) + "\"";
  }
}
