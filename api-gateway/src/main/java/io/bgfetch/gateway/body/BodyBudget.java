package io.bgfetch.gateway.body;

import io.bgfetch.gateway.problem.Problem;
import java.util.HashMap;
import java.util.Map;

/**
 * How many bytes of bodies may lie in memory at once, over all requests. No tenant gets more than
 * half of it, so that none keeps the others out. Thread-safe.
 */
public final class BodyBudget {

  private final long most;
  private final Map<String, Long> ofTenants = new HashMap<>();
  private long taken;

  public BodyBudget(long most) {
    this.most = most;
  }

  /** A share for one body of a tenant, empty at first. */
  public Share share(String tenant) {
    return new Share(this, tenant);
  }

  /** How much of it is taken, in bytes. */
  public synchronized long taken() {
    return taken;
  }

  private synchronized boolean take(String tenant, int more) {
    long ofTenant = ofTenants.getOrDefault(tenant, 0L) + more;
    boolean fits = taken + more <= most && ofTenant <= most / 2;
    if (fits) {
      taken += more;
      ofTenants.put(tenant, ofTenant);
    }
    return fits;
  }

  private synchronized void giveBack(String tenant, long bytes) {
    taken -= bytes;
    ofTenants.computeIfPresent(tenant, (name, all) -> all == bytes ? null : all - bytes);
  }

  /** What one body has taken of it. Used from one context; closing it gives everything back. */
  public static final class Share implements AutoCloseable {

    private final BodyBudget budget;
    private final String tenant;
    private long bytes;
    private boolean closed;

    private Share(BodyBudget budget, String tenant) {
      this.budget = budget;
      this.tenant = tenant;
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
      boolean fits = budget.take(tenant, more);
      bytes += fits ? more : 0;
      return fits;
    }

    /** Gives some of it back; after the end there is nothing left to give. */
    public void giveBack(int less) {
      if (!closed) {
        bytes -= less;
        budget.giveBack(tenant, less);
      }
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        budget.giveBack(tenant, bytes);
      }
    }
  }
}
