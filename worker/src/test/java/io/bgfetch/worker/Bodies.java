package io.bgfetch.worker;

import io.bgfetch.blob.FileBlobStore;
import io.bgfetch.blob.StoredBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Reads what workers stored. */
final class Bodies {

  private Bodies() {}

  static byte[] read(Path blobs, StoredBody body) throws IOException {
    return switch (body) {
      case StoredBody.Inline inline -> inline.bytes();
      case StoredBody.Segments segments -> {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        try (FileBlobStore store = new FileBlobStore(blobs)) {
          for (StoredBody.Segment segment : segments.segments()) {
            try (InputStream in = Channels.newInputStream(store.open(segment.key(), 0))) {
              in.transferTo(whole);
            }
          }
        }
        yield whole.toByteArray();
      }
    };
  }

  /** The digest of a body as events carry it. */
  static String sha256(byte[] bytes) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
