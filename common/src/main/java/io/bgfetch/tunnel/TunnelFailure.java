package io.bgfetch.tunnel;

import io.netty.handler.proxy.ProxyConnectException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why there is no tunnel.
 *
 * <p>On its way to the caller of the HTTP client it passes through SOCKS, which has one byte for
 * it. Both ends of that are ours, so the byte means what this class says: the status that the proxy
 * answered, or one of the constants.
 */
public final class TunnelFailure extends RuntimeException {

  /** There is no connection to the proxy. */
  static final int UNREACHABLE = 1;

  /** It answered nothing, or nothing that is an answer to CONNECT. */
  static final int SILENT = 2;

  private static final long serialVersionUID = 1;

  private static final int FIRST_STATUS = 400;
  private static final int LAST_STATUS = 599;
  private static final int CODE_OF_FIRST_STATUS = 3;
  private static final Pattern CODE = Pattern.compile("\\((\\d{1,3})\\)$");

  private final int code;

  private TunnelFailure(int code) {
    super(line(code), null, false, false);
    this.code = code;
  }

  static TunnelFailure unreachable() {
    return new TunnelFailure(UNREACHABLE);
  }

  static TunnelFailure silent() {
    return new TunnelFailure(SILENT);
  }

  static TunnelFailure refused(int status) {
    return status >= FIRST_STATUS && status <= LAST_STATUS
        ? new TunnelFailure(status - FIRST_STATUS + CODE_OF_FIRST_STATUS)
        : silent();
  }

  /** The failure behind what the HTTP client throws, which ends with the byte in parentheses. */
  public static TunnelFailure behind(ProxyConnectException failure) {
    Matcher matcher = CODE.matcher(String.valueOf(failure.getMessage()));
    int code = matcher.find() ? Integer.parseInt(matcher.group(1)) : SILENT;
    return new TunnelFailure(code == 0 ? SILENT : code);
  }

  /** The byte that stands for it; never that of success. */
  int code() {
    return code;
  }

  private static String line(int code) {
    return switch (code) {
      case UNREACHABLE -> "the proxy cannot be reached";
      case SILENT -> "the proxy did not answer";
      default ->
          switch (statusOf(code)) {
            case 407 -> "the proxy wants other credentials (status 407)";
            default -> "the proxy refused the connection (status " + statusOf(code) + ")";
          };
    };
  }

  private static int statusOf(int code) {
    return code - CODE_OF_FIRST_STATUS + FIRST_STATUS;
  }

  /** Whether another try may end better: the proxy is away, busy, or cannot reach the origin. */
  public boolean mayPass() {
    int status = statusOf(code);
    return status < FIRST_STATUS || status >= 500 || status == 408 || status == 429;
  }
}
