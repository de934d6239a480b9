package io.bgfetch.bench;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Bodies of one size that the origin has, and where. Body <i>n</i> is at {@code url(n)}, and each
 * is another one.
 *
 * @param path where they are, with a slash at its end
 * @param digests the SHA-256 of each
 */
record Bodies(String path, long size, List<byte[]> digests) {

  int count() {
    return digests.size();
  }

  String url(int index) {
    return path + index;
  }

  List<String> urls() {
    return IntStream.range(0, count()).mapToObj(this::url).toList();
  }

  long bytes() {
    return size * count();
  }

  /** The first of them. */
  Bodies first(int count) {
    return new Bodies(path, size, digests.subList(0, count));
  }

  boolean isDigest(int index, byte[] digest) {
    return Arrays.equals(digests.get(index), digest);
  }

  /** The digest as a record of bgfetch shows it (RFC 9530). */
  String digestField(int index) {
    return "sha-256=:" + Base64.getEncoder().encodeToString(digests.get(index)) + ":";
  }
}
