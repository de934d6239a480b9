package io.bgfetch.config;

/**
 * A setting is missing or cannot be read. The message is one line that names it, for the operator.
 */
public final class SettingException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public SettingException(String setting, String problem) {
    super(setting + " " + problem);
  }
}
