package io.bgfetch.gateway.shard;

/**
 * That a host is left alone. Postgres keeps it, so that every shard knows it and a restart forgets
 * nothing.
 *
 * @param until when it ends: milliseconds since the epoch by Postgres's clock
 * @param level how many blocks in a row it is, this one included; at least 1
 * @param forgivenAt when nothing is held against the host any more, if it behaves until then;
 *     milliseconds since the epoch
 */
record HostBlock(long until, int level, long forgivenAt) {}
