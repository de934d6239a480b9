package io.bgfetch.worker.lane;

/** One tenant's part in a host: its flows there contend for it. */
final class TenantAtHost<T> {

  private final String name;
  private final HostTurns<T> host;
  private final Turns.Contender<TenantAtHost<T>> atHost;
  private final Turns<FlowQueue<T>> flows = new Turns<>();
  private int members;

  TenantAtHost(String name, HostTurns<T> host, Turns<TenantAtHost<T>> tenants) {
    this.name = name;
    this.host = host;
    this.atHost = tenants.contender(this);
  }

  String name() {
    return name;
  }

  HostTurns<T> host() {
    return host;
  }

  Turns.Contender<TenantAtHost<T>> atHost() {
    return atHost;
  }

  Turns<FlowQueue<T>> flows() {
    return flows;
  }

  /** How many flows of it are known. */
  int members() {
    return members;
  }

  void members(int more) {
    members += more;
  }
}
