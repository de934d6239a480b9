package io.bgfetch.gateway.registering;

import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.url.BadPorts;
import io.bgfetch.url.WebUrl;
import io.bgfetch.url.WebUrlException;
import org.jspecify.annotations.Nullable;

/**
 * Checks the URL of something that is to be asked. A refusal is a TypeError.
 *
 * @param longest in characters, as given and as normalized
 */
public record UrlCheck(int longest) {

  /**
   * Reads a URL.
   *
   * @param base what a relative one is relative to
   * @throws io.bgfetch.gateway.problem.ProblemException that says what is wrong
   */
  public WebUrl check(String text, @Nullable WebUrl base) {
    requireLength(text);
    WebUrl url = parsed(text, base);
    requireLength(url.href());
    if (!url.isHttp()) {
      throw wrong("is not http or https");
    }
    if (url.hasCredentials()) {
      throw wrong("has a user or a password");
    }
    if (BadPorts.isBad(url.effectivePort())) {
      throw wrong("port " + url.effectivePort() + " is not allowed");
    }
    return url;
  }

  private void requireLength(String text) {
    if (text.length() > longest) {
      throw wrong("is longer than " + longest + " characters");
    }
  }

  private static WebUrl parsed(String text, @Nullable WebUrl base) {
    try {
      return WebUrl.parse(text, base);
    } catch (WebUrlException notOne) {
      throw wrong(String.valueOf(notOne.getMessage()));
    }
  }

  private static RuntimeException wrong(String what) {
    return Problem.typeError("url: " + what).toException();
  }
}
