package io.bgfetch.cli;

/** The few colours that say something: how it went, and what matters less. */
enum Colour {
  PLAIN(""),
  GOOD("\u001b[32m"),
  BAD("\u001b[31m"),
  ACTIVE("\u001b[36m"),
  FAINT("\u001b[2m");

  private static final String RESET = "\u001b[0m";

  private final String code;

  Colour(String code) {
    this.code = code;
  }

  String paint(String text, Terminal terminal) {
    return !terminal.colour() || this == PLAIN || text.isBlank() ? text : code + text + RESET;
  }

  static Colour ofResult(String result) {
    return switch (result) {
      case "" -> ACTIVE;
      case "success" -> GOOD;
      default -> BAD;
    };
  }
}
