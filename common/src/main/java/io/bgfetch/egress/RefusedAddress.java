package io.bgfetch.egress;

/** Every address of the host is refused by a rule. Final. */
public final class RefusedAddress extends EgressFailure {

  private static final long serialVersionUID = 1L;

  private final String host;
  private final String address;
  private final String rule;

  RefusedAddress(String host, String address, String rule) {
    super(describe(host, address) + " is refused: " + rule);
    this.host = host;
    this.address = address;
    this.rule = rule;
  }

  /** The host as the URL names it. */
  public String host() {
    return host;
  }

  /** The first of its addresses, without brackets. */
  public String address() {
    return address;
  }

  /** The rule that refuses that address. */
  public String rule() {
    return rule;
  }

  @Override
  public boolean mayPass() {
    return false;
  }

  private static String describe(String host, String address) {
    return host.equals(address) || host.equals("[" + address + "]")
        ? "address " + address
        : "address " + address + " of " + host;
  }
}
