package io.bgfetch.gateway.registering;

/**
 * What is checked of a registration: what it says about itself, and each request.
 *
 * @param limits that both keep
 * @param partRequest checks a request that comes in a form, which may have its body in a part
 */
record Checks(
    RegisteringLimits limits, HeadCheck head, RequestCheck request, RequestCheck partRequest) {

  Checks(RegisteringLimits limits, HeaderSealing sealing) {
    this(
        limits,
        new HeadCheck(limits),
        new RequestCheck(limits, sealing, false),
        new RequestCheck(limits, sealing, true));
  }
}
