package io.bgfetch.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** A body whose clean end is an error when it is not the one that its digest belongs to. */
final class VerifiedBody extends FilterInputStream {
  private final ContentDigest expected;
  private final MessageDigest digest = ContentDigest.sha256();
  private boolean verified;

  VerifiedBody(InputStream body, ContentDigest expected) {
    super(body);
    this.expected = expected;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int read = super.read(target, offset, length);
    if (read > 0) {
      digest.update(target, offset, read);
    } else if (read < 0 && !verified) {
      expected.verify(digest.digest());
      verified = true;
    }
    return read;
  }

  @Override
  public long skip(long count) throws IOException {
    byte[] skipped = new byte[(int) Math.min(count, 8192)];
    return count <= 0 ? 0 : Math.max(0, read(skipped, 0, skipped.length));
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
