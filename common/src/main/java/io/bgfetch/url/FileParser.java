package io.bgfetch.url;

import org.jspecify.annotations.Nullable;

/** The file states: a host that may be missing, and drive letters that look like one. */
final class FileParser {

  private final UrlInput input;
  private final UrlBuilder url;
  private final PathParser path;

  FileParser(UrlInput input, UrlBuilder url, PathParser path) {
    this.input = input;
    this.url = url;
    this.path = path;
  }

  /** Reads everything behind the scheme; the base, if there is one, is a file URL too. */
  void parse(@Nullable WebUrl base) {
    if (path.isAtSlash()) {
      input.skip(1);
      behindSlash(base);
    } else if (base == null) {
      host("");
      path.segments();
    } else {
      relative(base);
    }
  }

  private void relative(WebUrl base) {
    url.authorityOf(base);
    if (DriveLetter.startsAt(input.text(), input.position())) {
      path.segments();
    } else {
      path.relativeTo(base);
    }
  }

  private void behindSlash(@Nullable WebUrl base) {
    if (path.isAtSlash()) {
      input.skip(1);
      behindTwoSlashes();
    } else if (base == null) {
      host("");
      path.segments();
    } else {
      url.authorityOf(base);
      if (!DriveLetter.startsAt(input.text(), input.position())) {
        url.driveOf(base);
      }
      path.segments();
    }
  }

  /** File host state: a drive letter here is the first segment of the path. */
  private void behindTwoSlashes() {
    int start = input.position();
    int end = input.endOfPart(true);
    if (DriveLetter.is(input.text(), start, end)) {
      host("");
      path.segments();
      return;
    }
    host(start == end ? "" : HostParser.parse(input.text().substring(start, end), true));
    input.moveTo(end);
    path.start();
  }

  private void host(String serialized) {
    url.authority();
    url.host(serialized.equals("localhost") ? "" : serialized);
  }
}
