package io.bgfetch.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A registration as a form (RFC 7578): the document, and then each request body that is streamed as
 * a part of its own. Nothing of either is held in memory.
 */
final class FormSubmission implements Submission {
  private static final String LINE_END = "\r\n";

  private final String boundary = "bgfetch-" + UUID.randomUUID();
  private final ObjectNode head;
  private final List<FetchRequest> requests;
  private final IdentityHashMap<BodySource, String> names = new IdentityHashMap<>();
  private final List<BodySource> parts = new ArrayList<>();

  FormSubmission(ObjectNode head, Collection<FetchRequest> requests) {
    this.head = head;
    this.requests = List.copyOf(requests);
    this.requests.forEach(this::nameBody);
  }

  private void nameBody(FetchRequest request) {
    BodySource body = request.bodySource();
    if (body != null && names.putIfAbsent(body, "body-" + parts.size()) == null) {
      parts.add(body);
    }
  }

  @Override
  public String mediaType() {
    return "multipart/form-data; boundary=" + boundary;
  }

  @Override
  public boolean isRepeatable() {
    return true;
  }

  @Override
  public InputStream open() {
    List<BodySource> chain = new ArrayList<>();
    chain.add(text(partHead("registration", "application/json", "")));
    chain.add(() -> new PieceStream(document()));
    for (BodySource part : parts) {
      chain.add(text(partHead(names.get(part), "application/octet-stream", LINE_END)));
      chain.add(part);
    }
    chain.add(text(LINE_END + "--" + boundary + "--" + LINE_END));
    return new ChainedStreams(chain.iterator());
  }

  private String partHead(@Nullable String name, String type, String before) {
    return before
        + ("--" + boundary + LINE_END)
        + ("Content-Disposition: form-data; name=\"" + name + "\"" + LINE_END)
        + ("Content-Type: " + type + LINE_END + LINE_END);
  }

  /**
   * The head with its last brace taken for the list of requests, one of which is made at a time.
   */
  private Iterator<byte[]> document() {
    String opened = Json.text(head);
    String beginning = opened.substring(0, opened.length() - 1) + ",\"requests\":[";
    Iterator<String> separators = Stream.iterate("", separator -> ",").iterator();
    return Stream.of(
            Stream.of(bytes(beginning)),
            requests.stream().map(request -> bytes(separators.next() + text(request))),
            Stream.of(bytes("]}")))
        .flatMap(pieces -> pieces)
        .iterator();
  }

  private String text(FetchRequest request) {
    BodySource body = request.bodySource();
    ObjectNode json = request.json();
    return Json.text(body == null ? json : json.deepCopy().put("bodyPart", names.get(body)));
  }

  private static BodySource text(String text) {
    return () -> new ByteArrayInputStream(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
