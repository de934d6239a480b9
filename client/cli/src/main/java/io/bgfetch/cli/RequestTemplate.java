package io.bgfetch.cli;

import io.bgfetch.client.FetchRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What {@code -X}, {@code -H} and {@code --data} make of every URL. */
final class RequestTemplate {
  private final UnaryOperator<FetchRequest> change;

  private RequestTemplate(UnaryOperator<FetchRequest> change) {
    this.change = change;
  }

  /**
   * A template.
   *
   * @param method null: GET, or POST where there is a body
   * @param headers each {@code name: value}
   * @param data null for none; a text, or {@code @} and the name of a file, {@code @-} being {@code
   *     in}
   */
  static RequestTemplate of(
      @Nullable String method, List<String> headers, @Nullable String data, InputStream in) {
    UnaryOperator<FetchRequest> change = request -> request;
    String effective = method == null && data != null ? "POST" : method;
    if (effective != null) {
      change = then(change, request -> request.withMethod(effective));
    }
    for (String header : headers) {
      change = then(change, header(header));
    }
    return new RequestTemplate(data == null ? change : then(change, body(data, in)));
  }

  FetchRequest of(String url) {
    return change.apply(FetchRequest.of(url));
  }

  private static UnaryOperator<FetchRequest> then(
      UnaryOperator<FetchRequest> first, UnaryOperator<FetchRequest> second) {
    return request -> second.apply(first.apply(request));
  }

  private static UnaryOperator<FetchRequest> header(String header) {
    int colon = header.indexOf(':');
    if (colon < 1) {
      throw unusable("-H wants 'name: value', not " + ForeignText.shellWord(header));
    }
    String name = header.substring(0, colon).strip();
    String value = header.substring(colon + 1).strip();
    return request -> request.withHeader(name, value);
  }

  private static UnaryOperator<FetchRequest> body(String data, InputStream in) {
    if (!data.startsWith("@")) {
      return request -> request.withBody(data);
    }
    byte[] bytes = read(data.substring(1), in);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return request -> request.withBody(text);
    } catch (CharacterCodingException e) {
      return request -> request.withBody(bytes);
    }
  }

  private static byte[] read(String file, InputStream in) {
    try {
      return file.equals("-") ? in.readAllBytes() : Files.readAllBytes(Path.of(file));
    } catch (IOException e) {
      throw unusable("cannot read --data: " + CommandErrors.describe(e));
    } catch (InvalidPathException e) {
      throw unusable("cannot read --data: " + e.getMessage());
    }
  }

  private static CommandFailure unusable(String message) {
    return new CommandFailure(CommandFailure.UNUSABLE, message);
  }
}
