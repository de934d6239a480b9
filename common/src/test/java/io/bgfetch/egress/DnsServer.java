package io.bgfetch.egress;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsQuery;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DefaultDnsResponse;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.handler.codec.dns.TcpDnsQueryDecoder;
import io.netty.handler.codec.dns.TcpDnsResponseEncoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A DNS server on loopback, over UDP and TCP, that answers what the test says. */
final class DnsServer implements AutoCloseable {
  private static final int MOST_TRIES = 20;

  /** What it answers to one question; a question that it was not told about is NXDOMAIN. */
  private record Reply(DnsResponseCode code, int ttl, String alias, List<String> addresses) {}

  private static final Reply NXDOMAIN = new Reply(DnsResponseCode.NXDOMAIN, 0, "", List.of());

  private final Map<String, Reply> replies = new ConcurrentHashMap<>();
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("dns-server", true), NioIoHandler.newFactory());
  private final InetSocketAddress address;
  final List<String> questions = new CopyOnWriteArrayList<>();
  volatile boolean silent;
  volatile boolean cutsDatagrams;
  volatile Runnable beforeAnswering = () -> {};

  DnsServer() {
    address = bind(MOST_TRIES);
  }

  /** Both protocols at one port; one that is free for TCP may be taken for UDP. */
  private InetSocketAddress bind(int tries) {
    Channel tcp =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childHandler(overTcp())
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
    ChannelFuture udp =
        new Bootstrap()
            .group(group)
            .channel(NioDatagramChannel.class)
            .handler(overUdp())
            .bind(tcp.localAddress())
            .awaitUninterruptibly();
    if (!udp.isSuccess() && tries > 1) {
      tcp.close().syncUninterruptibly();
      return bind(tries - 1);
    }
    udp.syncUninterruptibly();
    return (InetSocketAddress) tcp.localAddress();
  }

  InetSocketAddress address() {
    return address;
  }

  DnsServer answers(String name, DnsRecordType type, int ttl, String... addresses) {
    return reply(name, type, new Reply(DnsResponseCode.NOERROR, ttl, "", List.of(addresses)));
  }

  DnsServer answersByAlias(String name, String alias, DnsRecordType type, String... addresses) {
    return reply(name, type, new Reply(DnsResponseCode.NOERROR, 9, alias, List.of(addresses)));
  }

  DnsServer fails(String name, DnsRecordType type, DnsResponseCode code) {
    return reply(name, type, new Reply(code, 0, "", List.of()));
  }

  private DnsServer reply(String name, DnsRecordType type, Reply reply) {
    replies.put(name + ". " + type.name(), reply);
    return this;
  }

  private void answer(DnsQuestion question, DnsResponse response, boolean cut) {
    String asked = question.name() + " " + question.type().name();
    questions.add(asked);
    beforeAnswering.run();
    Reply reply = replies.getOrDefault(asked, NXDOMAIN);
    response.setCode(reply.code).setRecursionAvailable(true).setTruncated(cut);
    response.addRecord(
        DnsSection.QUESTION, new DefaultDnsQuestion(question.name(), question.type()));
    if (cut) {
      return;
    }
    String owner = question.name();
    if (!reply.alias.isEmpty()) {
      add(response, owner, DnsRecordType.CNAME, 1, encoded(reply.alias));
      owner = reply.alias + ".";
    }
    for (String ip : reply.addresses) {
      ByteBuf content = Unpooled.wrappedBuffer(AddressRange.bytesOf(ip));
      add(response, owner, question.type(), reply.ttl, content);
    }
  }

  private static void add(
      DnsResponse response, String owner, DnsRecordType type, int ttl, ByteBuf content) {
    response.addRecord(DnsSection.ANSWER, new DefaultDnsRawRecord(owner, type, ttl, content));
  }

  private static ByteBuf encoded(String name) {
    ByteBuf content = Unpooled.buffer();
    for (String label : name.split("\\.")) {
      content.writeByte(label.length());
      content.writeCharSequence(label, StandardCharsets.US_ASCII);
    }
    return content.writeByte(0);
  }

  private ChannelInitializer<Channel> overUdp() {
    return handlers(
        DatagramDnsQueryDecoder::new,
        DatagramDnsResponseEncoder::new,
        () ->
            new SimpleChannelInboundHandler<DatagramDnsQuery>() {
              @Override
              protected void channelRead0(ChannelHandlerContext context, DatagramDnsQuery query) {
                DnsQuestion question = query.recordAt(DnsSection.QUESTION);
                var response =
                    new DatagramDnsResponse(
                        /* sender= */ query.recipient(),
                        /* recipient= */ query.sender(),
                        query.id());
                answer(question, response, cutsDatagrams);
                if (!silent) {
                  context.writeAndFlush(response);
                }
              }
            });
  }

  private ChannelInitializer<Channel> overTcp() {
    return handlers(
        TcpDnsQueryDecoder::new,
        TcpDnsResponseEncoder::new,
        () ->
            new SimpleChannelInboundHandler<DefaultDnsQuery>() {
              @Override
              protected void channelRead0(ChannelHandlerContext context, DefaultDnsQuery query) {
                DnsQuestion question = query.recordAt(DnsSection.QUESTION);
                var response = new DefaultDnsResponse(query.id());
                answer(question, response, false);
                context.writeAndFlush(response);
              }
            });
  }

  private static ChannelInitializer<Channel> handlers(
      Supplier<? extends ChannelHandler> decoder,
      Supplier<? extends ChannelHandler> encoder,
      Supplier<? extends ChannelHandler> answering) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        channel.pipeline().addLast(decoder.get(), encoder.get(), answering.get());
      }
    };
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
