package io.bgfetch.worker.lane;

/** The turns of one tenant: its registrations contend for them. */
final class TenantTurns<T> {

  private final String name;
  private final Turns.Contender<TenantTurns<T>> inWorker;
  private final Turns<RegistrationTurns<T>> registrations = new Turns<>();
  private int members;

  TenantTurns(String name, Turns<TenantTurns<T>> worker) {
    this.name = name;
    this.inWorker = worker.contender(this);
  }

  String name() {
    return name;
  }

  Turns.Contender<TenantTurns<T>> inWorker() {
    return inWorker;
  }

  Turns<RegistrationTurns<T>> registrations() {
    return registrations;
  }

  /** How many registrations of it are known. */
  int members() {
    return members;
  }

  void members(int more) {
    members += more;
  }
}
