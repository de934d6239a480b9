package io.bgfetch.url;

/**
 * What a text fails with that is not a URL. The message says in plain words why, fit to be shown to
 * whoever wrote the text; it never repeats the text itself, which may be long or secret.
 */
public final class WebUrlException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  WebUrlException(String reason) {
    super(reason);
  }
}
