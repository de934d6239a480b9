package io.bgfetch.blob;

import java.io.IOException;
import java.nio.file.Path;

/** Opens the blob store that a location names: the setting {@code BGFETCH_BLOBS}. */
public final class BlobStores {

  private static final String FILE = "file:";

  private BlobStores() {}

  /**
   * Opens {@code file:/path}.
   *
   * @throws IllegalArgumentException if the location is of no known kind
   */
  public static BlobStore open(String location) throws IOException {
    if (location.startsWith(FILE) && location.length() > FILE.length()) {
      return new FileBlobStore(Path.of(location.substring(FILE.length())));
    }
    throw new IllegalArgumentException("a blob store is file:/path, not " + location);
  }
}
