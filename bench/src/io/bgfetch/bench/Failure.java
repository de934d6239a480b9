package io.bgfetch.bench;

/** A program did not do what it was asked for: it hung, ended badly, or its bodies are wrong. */
class Failure extends Exception {

  private static final long serialVersionUID = 1;

  Failure(String what) {
    super(what);
  }

  Failure(String what, Throwable cause) {
    super(what, cause);
  }
}
