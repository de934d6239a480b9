package io.bgfetch.gateway.body;

import io.bgfetch.gateway.problem.Problem;
import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of bodies may lie in memory at once, over all requests. Thread-safe. */
public final class BodyBudget {

  private final long most;
  private final AtomicLong taken = new AtomicLong();

  public BodyBudget(long most) {
    this.most = most;
  }

  /** A share for one body, empty at first. */
  public Share share() {
    return new Share(this);
  }

  /** How much of it is taken, in bytes. */
  public long taken() {
    return taken.get();
  }

  /** What one body has taken of it. Used from one context; closing it gives everything back. */
  public static final class Share implements AutoCloseable {

    private final BodyBudget budget;
    private long bytes;
    private boolean closed;

    private Share(BodyBudget budget) {
      this.budget = budget;
    }

    /**
     * Takes room for some bytes.
     *
     * @throws io.bgfetch.gateway.problem.ProblemException of status 503 if there is none
     */
    public void take(int more) {
      if (!offer(more)) {
        throw Problem.busy("too many bodies are being read, try again").toException();
      }
    }

    /** Takes room for some bytes if there is any. */
    public boolean offer(int more) {
      if (closed) {
        throw new IllegalStateException("the share was given back");
      }
      boolean fits = budget.taken.addAndGet(more) <= budget.most;
      if (fits) {
        bytes += more;
      } else {
        budget.taken.addAndGet(-more);
      }
      return fits;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        budget.taken.addAndGet(-bytes);
      }
    }
  }
}
