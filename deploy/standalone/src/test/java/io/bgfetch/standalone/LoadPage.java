package io.bgfetch.standalone;

import io.bgfetch.testkit.Origin;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A page of a load: what it answers and how. All of it stands in its URL, so whoever has that knows
 * the body.
 *
 * @param name unlike that of any other page of the same origin
 * @param status of its answer; 0: none, the connection is closed
 * @param size of its body in bytes
 * @param delayMillis until it answers
 * @param chunk bytes that it sends at a time; 0: all at once
 * @param everyMillis between two chunks
 * @param cut bytes after which it closes the connection, whatever was asked for; 0: never
 * @param upload bytes that it must be sent; 0: it is got, else posted to
 */
record LoadPage(
    String name,
    int status,
    int size,
    int delayMillis,
    int chunk,
    int everyMillis,
    int cut,
    int upload) {

  static final String PATH = "/load";

  private static final int OK = 200;
  private static final int UPLOAD_SEED = 7;

  static LoadPage of(String name, int size) {
    return new LoadPage(name, OK, size, 0, 0, 0, 0, 0);
  }

  LoadPage answering(int newStatus) {
    return new LoadPage(name, newStatus, size, delayMillis, chunk, everyMillis, cut, upload);
  }

  LoadPage after(int millis) {
    return new LoadPage(name, status, size, millis, chunk, everyMillis, cut, upload);
  }

  LoadPage dripping(int bytes, int millis) {
    return new LoadPage(name, status, size, delayMillis, bytes, millis, cut, upload);
  }

  LoadPage cutAfter(int bytes) {
    return new LoadPage(name, status, size, delayMillis, chunk, everyMillis, bytes, upload);
  }

  LoadPage takingUpload(int bytes) {
    return new LoadPage(name, status, size, delayMillis, chunk, everyMillis, cut, bytes);
  }

  static LoadPage ofUrl(String url) {
    Map<String, String> query =
        Arrays.stream(URI.create(url).getQuery().split("&"))
            .map(member -> member.split("=", 2))
            .collect(Collectors.toMap(member -> member[0], member -> member[1]));
    return new LoadPage(
        query.get("name"),
        number(query, "status"),
        number(query, "size"),
        number(query, "delay"),
        number(query, "chunk"),
        number(query, "every"),
        number(query, "cut"),
        number(query, "upload"));
  }

  private static int number(Map<String, String> query, String name) {
    return Integer.parseInt(query.get(name));
  }

  String pathAndQuery() {
    return PATH
        + "?name=%s&status=%d&size=%d&delay=%d&chunk=%d&every=%d&cut=%d&upload=%d"
            .formatted(name, status, size, delayMillis, chunk, everyMillis, cut, upload);
  }

  byte[] body() {
    return Origin.bytes(name.hashCode(), size);
  }

  byte[] uploadBody() {
    return Origin.bytes(name.hashCode() + UPLOAD_SEED, upload);
  }

  /** Whether it may be asked for again without a permission. */
  boolean safe() {
    return upload == 0;
  }

  /** Whether it takes several attempts even where nothing else fails. */
  boolean breaksOff() {
    return status == 0 || cut > 0;
  }

  /** What its record ends with when nothing but the page decides. */
  String result() {
    return switch (status) {
      case 0 -> "fetch-error";
      case OK -> "success";
      default -> "bad-status";
    };
  }
}
