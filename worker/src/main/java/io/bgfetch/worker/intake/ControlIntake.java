package io.bgfetch.worker.intake;

import io.bgfetch.kafka.KafkaSettings;
import io.bgfetch.kafka.TailingInbox;
import io.bgfetch.kafka.Topics;
import io.bgfetch.lifecycle.Part;
import io.bgfetch.message.ControlMessage;
import io.bgfetch.message.MessageCodec;
import io.bgfetch.message.Permission;
import io.bgfetch.worker.task.Tasks;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears all orders, from as far back as a permission is good. It has started when it has heard
 * those that were there.
 */
public final class ControlIntake implements Part {

  private static final Logger LOG = LoggerFactory.getLogger(ControlIntake.class);
  private static final Duration FIRST_READ_WITHIN = Duration.ofSeconds(30);
  private static final Duration LOOK_UP_EVERY = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final Context context;
  private final KafkaSettings kafka;
  private final MessageCodec codec;
  private final Tasks tasks;
  private final InstantSource clock;
  private final Promise<Void> readOnce = Promise.promise();
  private volatile @Nullable TailingInbox inbox;

  public ControlIntake(
      Vertx vertx,
      Context context,
      KafkaSettings kafka,
      MessageCodec codec,
      Tasks tasks,
      InstantSource clock) {
    this.vertx = vertx;
    this.context = context;
    this.kafka = kafka;
    this.codec = codec;
    this.tasks = tasks;
    this.clock = clock;
  }

  @Override
  public Future<Void> start() {
    return vertx
        .executeBlocking(
            () ->
                new TailingInbox(kafka, Topics.CONTROL, Permission.GOOD_FOR, clock, new Receiver()))
        .compose(this::read)
        .recover(failure -> stop().transform(stopped -> Future.failedFuture(failure)));
  }

  private Future<Void> read(TailingInbox made) {
    inbox = made;
    made.start();
    return readOnce.future().timeout(FIRST_READ_WITHIN.toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public Future<Void> stop() {
    TailingInbox open = inbox;
    inbox = null;
    return open == null
        ? Future.succeededFuture()
        : vertx.executeBlocking(
            () -> {
              open.close();
              return null;
            });
  }

  private @Nullable ControlMessage read(ConsumerRecord<byte[], byte[]> record) {
    try {
      return codec.control(record.value());
    } catch (UncheckedIOException notOne) {
      LOG.atWarn().addKeyValue("offset", record.offset()).log("an order cannot be read");
      return null;
    }
  }

  /** One after the other, each on its own: what goes wrong with one is not the next one's loss. */
  static void carryOut(List<ControlMessage> orders, Consumer<ControlMessage> one) {
    for (ControlMessage order : orders) {
      try {
        one.accept(order);
      } catch (RuntimeException unexpected) {
        LOG.atError()
            .addKeyValue("order", order.getClass().getSimpleName())
            .setCause(unexpected)
            .log("an order could not be carried out");
      }
    }
  }

  private void carryOut(ControlMessage order) {
    switch (order) {
      case ControlMessage.Cancel cancel -> tasks.cancel(cancel.uid());
      case ControlMessage.Pause pause -> tasks.pause(pause.uid(), pause.version());
      case ControlMessage.Granted granted -> tasks.grant(granted.task(), granted.at());
      case ControlMessage.Drop drop -> tasks.drop(drop.task());
      case ControlMessage.Blocked blocked -> tasks.block(blocked.hosts());
    }
  }

  /** Not for ever: the consumer's thread may be told to end. */
  private void waitFor(CountDownLatch carriedOut) {
    try {
      while (inbox != null && !carriedOut.await(LOOK_UP_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.atDebug().log("orders wait to be carried out");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * On the consumer's thread. What it hands over arrives in the same order; while a batch waits for
   * the context no further one is read.
   */
  private final class Receiver implements TailingInbox.Receiver {

    @Override
    public void received(List<ConsumerRecord<byte[], byte[]>> batch) {
      List<ControlMessage> orders =
          batch.stream().map(ControlIntake.this::read).filter(Objects::nonNull).toList();
      CountDownLatch carriedOut = new CountDownLatch(1);
      context.runOnContext(
          now -> {
            carryOut(orders, ControlIntake.this::carryOut);
            carriedOut.countDown();
          });
      waitFor(carriedOut);
    }

    @Override
    public void readToEnd(long at) {
      context.runOnContext(
          now -> {
            tasks.controlRead(at);
            readOnce.tryComplete();
          });
    }
  }
}
