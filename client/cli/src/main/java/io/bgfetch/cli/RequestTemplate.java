package io.bgfetch.cli;

import io.bgfetch.client.FetchRequest;
import java.io.InputStream;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What {@code -X}, {@code -H} and {@code --data} make of every URL. */
final class RequestTemplate {
  private final UnaryOperator<FetchRequest> change;
  private final boolean streamsBody;

  private RequestTemplate(UnaryOperator<FetchRequest> change, boolean streamsBody) {
    this.change = change;
    this.streamsBody = streamsBody;
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
    if (data == null) {
      return new RequestTemplate(change, false);
    }
    RequestData body = RequestData.of(data, in);
    return new RequestTemplate(then(change, body::addTo), body.isStreamed());
  }

  /** Whether its requests have a body that is streamed. */
  boolean streamsBody() {
    return streamsBody;
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

  private static CommandFailure unusable(String message) {
    return new CommandFailure(CommandFailure.UNUSABLE, message);
  }
}
