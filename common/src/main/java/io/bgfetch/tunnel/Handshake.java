package io.bgfetch.tunnel;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * What a SOCKS client says before its data (RFC 1928, RFC 1929), as far as the HTTP client says it:
 * password, CONNECT, an address. Belongs to one context.
 */
final class Handshake {

  private static final int MOST_BYTES = 1024;
  private static final int VERSION = 5;
  private static final int PASSWORD_METHOD = 2;
  private static final int PASSWORD_VERSION = 1;
  private static final int CONNECT = 1;
  private static final int IPV4 = 1;
  private static final int IPV6 = 4;
  private static final int REQUEST_HEAD = 4;

  private enum Step {
    METHODS,
    PASSWORD,
    REQUEST,
    OVER
  }

  private final NetSocket socket;
  private final byte[] password;
  private final Promise<SocketAddress> target = Promise.promise();
  private Buffer received = Buffer.buffer();
  private Step step = Step.METHODS;

  /** A handshake of which nothing has come yet. */
  Handshake(NetSocket socket, String password) {
    this.socket = socket;
    this.password = password.getBytes(StandardCharsets.US_ASCII);
  }

  /** The address that is asked for; fails where the client says anything unexpected. */
  Future<SocketAddress> target() {
    socket.closeHandler(gone -> target.tryFail("closed in the handshake"));
    socket.handler(this::read);
    return target.future();
  }

  /** Says that what follows goes to the target and comes from there. */
  Future<Void> accept() {
    return answer(0);
  }

  /** Says why not, and closes. */
  void refuse(TunnelFailure failure) {
    Future<Void> closed = answer(failure.code()).eventually(socket::close);
    closed.onFailure(alreadyClosed -> {});
  }

  private Future<Void> answer(int code) {
    return socket.write(
        Buffer.buffer(new byte[] {VERSION, (byte) code, 0, IPV4, 0, 0, 0, 0, 0, 0}));
  }

  private void read(Buffer more) {
    received.appendBuffer(more);
    try {
      if (received.length() > MOST_BYTES) {
        throw new IllegalArgumentException("too long for a handshake");
      }
      while (step != Step.OVER && took()) {
        // the next step may be here already
      }
    } catch (IllegalArgumentException | UnknownHostException unexpected) {
      step = Step.OVER;
      target.tryFail(unexpected);
    }
  }

  private boolean took() throws UnknownHostException {
    return switch (step) {
      case METHODS -> methods();
      case PASSWORD -> password();
      case REQUEST -> request();
      case OVER -> false;
    };
  }

  /** Version, a count, and so many methods. */
  private boolean methods() {
    if (!has(2) || !has(2 + octet(1))) {
      return false;
    }
    expect(octet(0) == VERSION);
    take(2 + octet(1));
    step = Step.PASSWORD;
    say(VERSION, PASSWORD_METHOD);
    return true;
  }

  /** Version, a name and a password, each behind its length. */
  private boolean password() {
    if (!has(2) || !has(3 + octet(1)) || !has(3 + octet(1) + octet(2 + octet(1)))) {
      return false;
    }
    int at = 3 + octet(1);
    int end = at + octet(at - 1);
    expect(octet(0) == PASSWORD_VERSION);
    expect(MessageDigest.isEqual(received.getBytes(at, end), password));
    take(end);
    step = Step.REQUEST;
    say(PASSWORD_VERSION, 0);
    return true;
  }

  /** Version, command, nothing, the kind of address, the address, and a port. */
  private boolean request() throws UnknownHostException {
    if (!has(REQUEST_HEAD)) {
      return false;
    }
    expect(octet(0) == VERSION && octet(1) == CONNECT);
    expect(octet(3) == IPV4 || octet(3) == IPV6);
    int end = REQUEST_HEAD + (octet(3) == IPV4 ? 4 : 16);
    if (!has(end + 2)) {
      return false;
    }
    InetAddress address = InetAddress.getByAddress(received.getBytes(REQUEST_HEAD, end));
    int port = received.getUnsignedShort(end);
    step = Step.OVER;
    socket.pause();
    target.tryComplete(SocketAddress.inetSocketAddress(port, address.getHostAddress()));
    return true;
  }

  private void say(int one, int other) {
    Future<Void> sent = socket.write(Buffer.buffer(new byte[] {(byte) one, (byte) other}));
    sent.onFailure(seenByTheCloseHandler -> {});
  }

  private boolean has(int bytes) {
    return received.length() >= bytes;
  }

  private int octet(int at) {
    return received.getUnsignedByte(at);
  }

  private void take(int bytes) {
    received = received.getBuffer(bytes, received.length());
  }

  private static void expect(boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException("not the handshake of our client");
    }
  }
}
