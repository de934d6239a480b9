package io.bgfetch.gateway.shard;

import java.util.UUID;

/** One record of one registration. */
record RecordId(UUID uid, int index) {}
