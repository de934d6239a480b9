package io.bgfetch.gateway.registering;

import io.bgfetch.gateway.body.BodyBudget;

/**
 * What all registrations of a gateway are made with.
 *
 * @param threads where documents are checked
 * @param budget of the memory for documents
 */
record Workshop(
    Checks checks,
    DocumentThreads threads,
    BodyBudget budget,
    Loadings loadings,
    RequestBodies bodies,
    RetryStore retries) {

  RegisteringLimits limits() {
    return checks.limits();
  }
}
