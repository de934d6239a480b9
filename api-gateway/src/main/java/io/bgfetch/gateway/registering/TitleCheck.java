package io.bgfetch.gateway.registering;

import io.bgfetch.gateway.problem.Problem;

/** Checks a title. */
record TitleCheck(RegisteringLimits limits) {

  String check(Members options) {
    String title = options.storableText("title").orElse("");
    if (Texts.codePoints(title) > limits.titleLength()) {
      throw Problem.tooLarge(
              options.named("title") + ": is longer than " + limits.titleLength() + " characters")
          .toException();
    }
    return title;
  }
}
