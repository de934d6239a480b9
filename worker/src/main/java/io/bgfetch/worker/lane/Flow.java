package io.bgfetch.worker.lane;

import java.util.UUID;

/**
 * What work is told apart by when turns are given: fetches of one registration at one host.
 *
 * @param host {@code host:port} of its lane
 * @param tenant of the registration
 * @param uid the registration
 */
public record Flow(String host, String tenant, UUID uid) {}
