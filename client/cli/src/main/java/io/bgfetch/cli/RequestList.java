package io.bgfetch.cli;

import io.bgfetch.client.BackgroundFetchManager;
import io.bgfetch.client.BackgroundFetchOptions;
import io.bgfetch.client.BackgroundFetchRegistration;
import io.bgfetch.client.BgfetchException;
import io.bgfetch.client.FetchRequest;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a command is to register: the URLs of its arguments, and behind them the lines of a file. It
 * knows where each of them stands.
 */
final class RequestList {
  private final RequestTemplate template;
  private final List<String> urls;
  private final @Nullable String file;
  private final InputStream standardInput;
  private @Nullable RequestFile opened;

  /**
   * A list.
   *
   * @param file null for none; {@code -} is standard input
   */
  RequestList(
      RequestTemplate template,
      List<String> urls,
      @Nullable String file,
      InputStream standardInput) {
    this.template = template;
    this.urls = urls;
    this.file = file;
    this.standardInput = standardInput;
  }

  /** Registers it, as often as that is safe: what is no file can be read only once. */
  BackgroundFetchRegistration register(
      BackgroundFetchManager manager, String id, BackgroundFetchOptions options) {
    try {
      if (template.streamsBody()) {
        try (Stream<FetchRequest> requests = open()) {
          return manager.fetch(id, requests.toList(), options);
        }
      }
      return file == null || RequestFile.isReadTwice(file)
          ? manager.fetch(id, this::open, options)
          : manager.fetch(id, open(), options);
    } catch (BgfetchException e) {
      throw new RefusedRequests(e, this::place);
    }
  }

  private Stream<FetchRequest> open() {
    Stream<FetchRequest> listed = urls.stream().map(template::of);
    if (file == null) {
      return listed;
    }
    RequestFile lines = RequestFile.open(file, template, standardInput);
    opened = lines;
    return Stream.concat(listed, lines.requests()).onClose(lines::close);
  }

  private String place(long index) {
    if (index < urls.size()) {
      return urls.get((int) index);
    }
    return opened == null ? "request " + index : opened.place(index - urls.size());
  }
}
