package io.bgfetch.gateway.body;

import io.bgfetch.gateway.problem.Problem;
import java.util.Locale;

/**
 * The head of one part of a form (RFC 7578, section 4.2).
 *
 * @param name of the form's field
 */
public record PartHead(String name) {

  private static final String DISPOSITION = "content-disposition";
  private static final String ENCODING = "content-transfer-encoding";

  /** Reads the lines of a head. */
  static PartHead parse(String lines) {
    String name = null;
    for (String line : lines.split("\r\n", -1)) {
      int colon = line.indexOf(':');
      if (!line.isEmpty() && colon <= 0) {
        throw malformed("has a line that is no header");
      }
      String header = line.isEmpty() ? "" : line.substring(0, colon).toLowerCase(Locale.ROOT);
      String value = line.isEmpty() ? "" : line.substring(colon + 1).strip();
      switch (header) {
        case DISPOSITION -> name = nameOf(value);
        case ENCODING -> requireNoEncoding(value);
        default -> {}
      }
    }
    if (name == null) {
      throw malformed("has no Content-Disposition: form-data with a name");
    }
    return new PartHead(name);
  }

  /**
   * Browsers write three characters of a name in this way (HTML standard, "encode as form data").
   */
  private static String nameOf(String disposition) {
    HeaderValue value = HeaderValue.parse(disposition);
    String name = value.parameters().get("name");
    if (!value.type().equals("form-data") || name == null) {
      throw malformed("has no Content-Disposition: form-data with a name");
    }
    return name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n");
  }

  private static void requireNoEncoding(String encoding) {
    switch (encoding.toLowerCase(Locale.ROOT)) {
      case "7bit", "8bit", "binary" -> {}
      default -> throw malformed("has a Content-Transfer-Encoding");
    }
  }

  private static RuntimeException malformed(String what) {
    return Problem.badRequest("a part of the form " + what).toException();
  }
}
