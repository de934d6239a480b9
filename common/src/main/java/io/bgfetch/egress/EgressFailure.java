package io.bgfetch.egress;

/**
 * Why a host has no address to connect to. The message is one line, fit for the {@code error} of a
 * record. An expected ending rather than a fault, hence without a stack trace.
 */
public abstract sealed class EgressFailure extends Exception
    permits RefusedAddress, UnknownHost, ResolutionFailed {

  private static final long serialVersionUID = 1L;

  EgressFailure(String message) {
    super(message, null, false, false);
  }

  /** Whether trying again later may end better; what is final must not be tried again. */
  public abstract boolean mayPass();
}
