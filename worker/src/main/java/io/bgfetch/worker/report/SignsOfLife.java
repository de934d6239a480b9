package io.bgfetch.worker.report;

import io.bgfetch.message.FetchEvent.Alive;
import java.time.InstantSource;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Says that this worker lives, also where it holds nothing and so has nothing to report. Belongs to
 * the worker's context.
 */
public final class SignsOfLife {

  private final String worker;
  private final News news;
  private final IntSupplier running;
  private final Speed speed;
  private final long startedAt;

  /**
   * Signs of a worker that starts now.
   *
   * @param running fetches that have their turn
   * @param downloaded bytes since its start
   */
  public SignsOfLife(
      String worker, News news, IntSupplier running, LongSupplier downloaded, InstantSource clock) {
    this.worker = worker;
    this.news = news;
    this.running = running;
    this.speed = new Speed(downloaded, clock);
    this.startedAt = clock.millis();
  }

  /** Sends the one that is due now. */
  public void send() {
    news.tell(Alive.TOLD, new Alive(worker, startedAt, running.getAsInt(), speed.perSecond()));
  }
}
