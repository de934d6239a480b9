package io.bgfetch.egress;

/** The host's name could not be looked up: no answer in time, or a server's failure. May pass. */
public final class ResolutionFailed extends EgressFailure {

  private static final long serialVersionUID = 1L;

  /**
   * @param host the name
   * @param reason what went wrong, for example "SERVFAIL"
   */
  public ResolutionFailed(String host, String reason) {
    super("host " + host + " could not be resolved: " + reason);
  }

  @Override
  public boolean mayPass() {
    return true;
  }
}
