package io.bgfetch.url;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The basic URL parser of the standard (URL standard, section 4.4), without the overrides that only
 * setters need. Each state of the standard's machine is a method of its name, here or in the
 * parsers of the parts; each reads from the input, writes to the builder, and ends by calling the
 * state that follows.
 */
final class UrlParser {

  private final UrlInput input;
  private final @Nullable WebUrl base;
  private final UrlBuilder url;
  private final AuthorityParser authority;
  private final PathParser path;

  private UrlParser(UrlInput input, @Nullable WebUrl base) {
    this.input = input;
    this.base = base;
    this.url = new UrlBuilder(input.length() + (base == null ? 0 : base.href().length()));
    this.authority = new AuthorityParser(input, url);
    this.path = new PathParser(input, url);
  }

  static WebUrl parse(String text, @Nullable WebUrl base) {
    UrlParser parser = new UrlParser(new UrlInput(text), base);
    parser.schemeStart();
    return new WebUrl(parser.url);
  }

  private void schemeStart() {
    int colon = endOfScheme();
    if (colon < 0) {
      noScheme();
    } else {
      String scheme = input.text().substring(0, colon).toLowerCase(Locale.ROOT);
      input.moveTo(colon + 1);
      url.scheme(scheme);
      afterScheme();
    }
  }

  /** Where the colon behind a scheme stands, or -1. */
  private int endOfScheme() {
    if (!Ascii.isAlpha(input.current())) {
      return -1;
    }
    int end = 1;
    while (isSchemeCharacter(input.at(end))) {
      end++;
    }
    return input.at(end) == ':' ? end : -1;
  }

  private static boolean isSchemeCharacter(int c) {
    return Ascii.isAlpha(c) || Ascii.isDigit(c) || c == '+' || c == '-' || c == '.';
  }

  private void afterScheme() {
    if (url.isFile()) {
      file();
    } else if (url.isSpecial()) {
      WebUrl sibling = baseOfSameScheme();
      if (sibling != null && !input.startsWith("//")) {
        relative(sibling);
      } else {
        authorityBehindSlashes();
      }
    } else if (input.startsWith("//")) {
      input.skip(2);
      authorityAndPath();
    } else if (input.startsWith("/")) {
      input.skip(1);
      path.segments();
    } else {
      path.opaque();
    }
  }

  private void noScheme() {
    if (base == null) {
      throw new WebUrlException("it has no scheme, and there is no base to resolve it against");
    }
    if (base.hasOpaquePath() && input.current() != '#') {
      throw new WebUrlException("it is relative, and the base has no path to resolve it against");
    }
    url.scheme(base.scheme());
    if (base.hasOpaquePath()) {
      url.pathOf(base);
      url.queryOf(base);
      path.fragment();
    } else if (url.isFile()) {
      file();
    } else {
      relative(base);
    }
  }

  private void file() {
    new FileParser(input, url, path).parse(baseOfSameScheme());
  }

  private @Nullable WebUrl baseOfSameScheme() {
    return base != null && base.scheme().equals(url.scheme()) ? base : null;
  }

  private void relative(WebUrl base) {
    if (!path.isAtSlash()) {
      url.authorityOf(base);
      path.relativeTo(base);
      return;
    }
    input.skip(1);
    if (url.isSpecial() && path.isAtSlash()) {
      authorityBehindSlashes();
    } else if (input.current() == '/') {
      input.skip(1);
      authorityAndPath();
    } else {
      url.authorityOf(base);
      path.segments();
    }
  }

  /** Special authority (ignore) slashes: of those, none is needed and any number is taken. */
  private void authorityBehindSlashes() {
    while (path.isAtSlash()) {
      input.skip(1);
    }
    authorityAndPath();
  }

  private void authorityAndPath() {
    authority.parse();
    path.start();
  }
}
