package io.bgfetch.egress;

/** The host's name does not exist, or has no address (NXDOMAIN or no data in DNS). Final. */
public final class UnknownHost extends EgressFailure {

  private static final long serialVersionUID = 1L;

  /**
   * @param host the name
   */
  public UnknownHost(String host) {
    super("host " + host + " is unknown: the name does not exist or has no address");
  }

  @Override
  public boolean mayPass() {
    return false;
  }
}
