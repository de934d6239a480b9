package io.bgfetch.bench;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Bodies of one size that the origin has, and where. Each has a URL of its own; where there are
 * more of them than files, files come again with another query.
 *
 * @param path where the files are, with a slash at its end
 * @param digests the SHA-256 of each file
 * @param from the number of the first of these bodies
 * @param count how many bodies these are
 */
record Bodies(String path, long size, List<byte[]> digests, int from, int count) {

  private static final long LARGE = 256 << 10;

  String url(int index) {
    int number = from + index;
    int copy = number / digests.size();
    return path + number % digests.size() + (copy == 0 ? "" : "?copy=" + copy);
  }

  List<String> urls() {
    return new AbstractList<>() {
      @Override
      public String get(int index) {
        return url(index);
      }

      @Override
      public int size() {
        return count;
      }
    };
  }

  /** Some of them. */
  Bodies part(int begin, int length) {
    return new Bodies(path, size, digests, from + begin, length);
  }

  /** As many of them as are wanted, however many files there are. */
  Bodies times(int wanted) {
    return new Bodies(path, size, digests, from, wanted);
  }

  /** Of all of them together. */
  long bytes() {
    return size * count;
  }

  /** Whether copies of them are few files that take much room. */
  boolean areLarge() {
    return size >= LARGE;
  }

  boolean isDigest(int index, byte[] digest) {
    return Arrays.equals(digestOf(index), digest);
  }

  /** The digest as a record of bgfetch shows it (RFC 9530). */
  String digestField(int index) {
    return "sha-256=:" + Base64.getEncoder().encodeToString(digestOf(index)) + ":";
  }

  private byte[] digestOf(int index) {
    return digests.get((from + index) % digests.size());
  }
}
