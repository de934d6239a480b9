package io.bgfetch.connection;

import io.netty.channel.Channel;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * How far a connection is read ahead of who takes its bytes. Vert.x stops reading a paused
 * connection only between two rounds of reads, and Netty makes up to 16 reads of up to 64 KiB a
 * round: 1 MiB for each connection, outside the heap, and a process of a thousand slow readers or
 * uploads has no memory left. Here a round is one read.
 */
public final class ReadAhead {

  /**
   * The longest piece, in bytes, that a body should come in over HTTP/1 where its connection is not
   * {@linkplain #hold held} while it is paused. Vert.x lets up to 16 pieces of a paused body wait
   * in the heap, and 8 more outside of it, whatever their size.
   */
  public static final int PIECE = 4 << 10;

  /**
   * The longest piece, in bytes, where it is held: what one read brings. Nothing comes behind it
   * then.
   */
  public static final int READ = 64 << 10;

  private static final AttributeKey<Object> CARRIED = AttributeKey.valueOf("bgfetch carried");

  private ReadAhead() {}

  /** From now on, one read at a time. */
  public static void limit(HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      limit(base.channel());
    }
  }

  /** From now on, one read at a time. */
  public static void limit(NetSocket socket) {
    if (socket instanceof NetSocketInternal internal) {
      limit(internal.channelHandlerContext().channel());
    }
  }

  /**
   * The connection carries this from now on, and is read. A connection that is kept alive goes to
   * the next one as soon as a response was read from it to its end, which may be before whoever
   * takes that response has taken all of it. On its event loop.
   */
  public static void carry(HttpConnection connection, Object exchange) {
    if (connection instanceof ConnectionBase base) {
      base.channel().attr(CARRIED).set(exchange);
      var unused = base.channel().config().setAutoRead(true);
    }
  }

  /**
   * Reads nothing more before it is {@linkplain #letGo let go}, if this is what it carries. On its
   * event loop.
   */
  public static void hold(HttpConnection connection, Object exchange) {
    autoRead(connection, exchange, false);
  }

  /** Reads on, if this is what it carries. On its event loop. */
  public static void letGo(HttpConnection connection, Object exchange) {
    autoRead(connection, exchange, true);
  }

  private static void autoRead(HttpConnection connection, Object exchange, boolean read) {
    if (connection instanceof ConnectionBase base
        && base.channel().attr(CARRIED).get() == exchange) {
      var unused = base.channel().config().setAutoRead(read);
    }
  }

  /** Vert.x has no way to say it. Every connection has an allocator of its own. */
  private static void limit(Channel channel) {
    if (channel.config().getRecvByteBufAllocator() instanceof MaxMessagesRecvByteBufAllocator own) {
      var unused = own.maxMessagesPerRead(1);
    }
  }
}
