/**
 * What the tests of all modules share: real backends ({@link io.bgfetch.testkit.WithBackends}) and
 * a web server to fetch from ({@link io.bgfetch.testkit.Origin}).
 */
package io.bgfetch.testkit;
