package io.bgfetch.worker.task;

/**
 * How much jobs weigh on a worker.
 *
 * @param waiting for their turn
 * @param held in all
 * @param bytes of the messages of all of them
 */
public record Load(int waiting, int held, long bytes) {

  /** Nothing. */
  public static final Load NONE = new Load(0, 0, 0);

  /** Both together. */
  public Load plus(Load other) {
    return new Load(waiting + other.waiting, held + other.held, bytes + other.bytes);
  }

  /** This without a part of it. */
  public Load minus(Load part) {
    return new Load(waiting - part.waiting, held - part.held, bytes - part.bytes);
  }
}
