package io.bgfetch.egress;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The judgement over addresses: special-purpose ones, and those of this machine itself, are refused
 * unless configuration opens them.
 *
 * <p>An IPv6 address that carries an IPv4 address is judged as both, and both must pass: opening
 * {@code 127.0.0.0/8} opens neither {@code ::ffff:127.0.0.1} nor {@code 64:ff9b::7f00:1}, and
 * opening {@code 64:ff9b::/96} (a network with NAT64) does not open the private addresses inside;
 * for {@code 64:ff9b::7f00:1} both ranges have to be opened. An {@link InetAddress} of the JDK
 * never is IPv4-mapped: it is then the IPv4 address itself, is judged as that and connects to that.
 *
 * <p>Safe for use by many threads; never blocks.
 */
public final class AddressRules {

  private static final Verdict ALLOWED = new Verdict.Allowed();

  private final EgressAllow allow;
  private final Supplier<Set<InetAddress>> machine;

  /**
   * @param machine the addresses of this machine's own interfaces at present; must not block
   */
  public AddressRules(EgressAllow allow, Supplier<Set<InetAddress>> machine) {
    this.allow = allow;
    this.machine = machine;
  }

  /** Judges an address. */
  public Verdict judge(InetAddress address) {
    return judge(address.getAddress());
  }

  /** Judges an address given as its 4 or 16 bytes in network order. */
  public Verdict judge(byte[] address) {
    return refusal(address)
        .or(() -> embeddedRefusal(address))
        .<Verdict>map(Verdict.Refused::new)
        .orElse(ALLOWED);
  }

  private Optional<String> refusal(byte[] address) {
    if (allow.opens(address)) {
      return Optional.empty();
    }
    return SpecialPurposeRegistry.ruleFor(address).or(() -> machineRule(address));
  }

  private Optional<String> machineRule(byte[] address) {
    return machine.get().contains(IpLiteral.toInetAddress(address))
        ? Optional.of("it is an address of this machine itself")
        : Optional.empty();
  }

  private Optional<String> embeddedRefusal(byte[] address) {
    if (address.length != IpLiteral.IPV6_BYTES) {
      return Optional.empty();
    }
    return EmbeddedIpv4.in(address).stream()
        .flatMap(
            embedded ->
                refusal(embedded.address().getAddress())
                    .map(rule -> carried(embedded, rule))
                    .stream())
        .findFirst();
  }

  private static String carried(EmbeddedIpv4 embedded, String rule) {
    return "it carries "
        + embedded.address().getHostAddress()
        + " ("
        + embedded.form()
        + "), and "
        + rule;
  }
}
