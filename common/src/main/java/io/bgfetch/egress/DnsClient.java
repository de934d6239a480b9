package io.bgfetch.egress;

import io.netty.channel.AddressedEnvelope;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.Closeable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Netty's DNS client, asked one question of one recursive server at a time: over UDP from a port of
 * its own for each question (RFC 5452 section 9.2), again over TCP when the answer was cut. It has
 * a thread of its own, on which answers arrive.
 */
final class DnsClient implements Closeable {

  private static final DnsAnswer CLOSED = new DnsAnswer.Failed("the resolver is closed");

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, Thread.ofPlatform().daemon().name("bgfetch-dns").factory(), NioIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final DnsNameResolver resolver;

  /** Netty leaves questions open when it is closed; both belong to the loop's thread. */
  private final Set<Promise<DnsAnswer>> underWay = new HashSet<>();

  private boolean closed;

  DnsClient(Duration queryTimeout) {
    this.resolver =
        new DnsNameResolverBuilder(loop)
            .datagramChannelType(NioDatagramChannel.class)
            .socketChannelType(NioSocketChannel.class)
            .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
            .queryTimeoutMillis(queryTimeout.toMillis())
            .build();
  }

  /**
   * Asks.
   *
   * @param name absolute, with or without the final dot
   * @param type A or AAAA
   * @return never fails: what goes wrong is {@link DnsAnswer.Failed}
   */
  Future<DnsAnswer> ask(InetSocketAddress server, String name, DnsRecordType type) {
    Promise<DnsAnswer> answer = Promise.promise();
    try {
      loop.execute(() -> query(server, name, type, answer));
    } catch (RejectedExecutionException e) {
      answer.complete(CLOSED);
    }
    return answer.future();
  }

  private void query(
      InetSocketAddress server, String name, DnsRecordType type, Promise<DnsAnswer> answer) {
    if (closed) {
      answer.complete(CLOSED);
      return;
    }
    underWay.add(answer);
    resolver
        .query(server, new DefaultDnsQuestion(name, type))
        .addListener(
            (io.netty.util.concurrent.Future<AddressedEnvelope<DnsResponse, InetSocketAddress>>
                    reply) ->
                settle(
                    answer,
                    reply.isSuccess() ? read(reply.getNow(), type) : failure(reply.cause())));
  }

  private void settle(Promise<DnsAnswer> answer, DnsAnswer outcome) {
    underWay.remove(answer);
    answer.tryComplete(outcome);
  }

  private static DnsAnswer read(
      AddressedEnvelope<DnsResponse, InetSocketAddress> reply, DnsRecordType type) {
    try {
      DnsResponseCode code = reply.content().code();
      if (code.equals(DnsResponseCode.NXDOMAIN)) {
        return new DnsAnswer.NoAddress();
      }
      return code.equals(DnsResponseCode.NOERROR)
          ? addresses(reply.content(), type)
          : new DnsAnswer.Failed("the DNS server answered " + code);
    } finally {
      reply.release();
    }
  }

  /**
   * Every address of the answer section, whatever its owner: a recursive server sends the whole
   * chain of aliases there. The answer holds as long as the shortest-lived link of the chain.
   */
  private static DnsAnswer addresses(DnsResponse response, DnsRecordType type) {
    List<InetAddress> addresses = new ArrayList<>();
    long ttl = Long.MAX_VALUE;
    for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
      DnsRecord answer = response.recordAt(DnsSection.ANSWER, i);
      ttl = Math.min(ttl, answer.timeToLive());
      if (answer.type().equals(type) && answer instanceof DnsRawRecord raw) {
        byte[] address = new byte[raw.content().readableBytes()];
        raw.content().getBytes(raw.content().readerIndex(), address);
        if (address.length != (type.equals(DnsRecordType.A) ? 4 : 16)) {
          return new DnsAnswer.Failed("the DNS server answered with a malformed address");
        }
        addresses.add(IpLiteral.toInetAddress(address));
      }
    }
    return addresses.isEmpty()
        ? new DnsAnswer.NoAddress()
        : new DnsAnswer.Found(List.copyOf(addresses), Duration.ofSeconds(ttl));
  }

  private static DnsAnswer failure(Throwable cause) {
    return new DnsAnswer.Failed(
        cause instanceof DnsNameResolverTimeoutException
            ? "no DNS server answered in time"
            : "asking the DNS server failed: " + cause.getMessage());
  }

  @Override
  public void close() {
    try {
      loop.execute(this::endWhatIsUnderWay);
    } catch (RejectedExecutionException e) {
      return; // closed before
    }
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private void endWhatIsUnderWay() {
    closed = true;
    resolver.close();
    List.copyOf(underWay).forEach(answer -> settle(answer, CLOSED));
  }
}
