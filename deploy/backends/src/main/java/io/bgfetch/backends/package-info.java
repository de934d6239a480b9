/**
 * A real PostgreSQL and a real Kafka broker that live and die with this process and keep their data
 * in a directory: what {@code ./bgfetch up} and the tests run on.
 */
package io.bgfetch.backends;
