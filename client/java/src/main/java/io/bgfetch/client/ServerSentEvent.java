package io.bgfetch.client;

import org.jspecify.annotations.Nullable;

/**
 * One event of a stream, as the HTML standard (section 9.2) dispatches it.
 *
 * @param type {@code message} where the stream names none
 * @param lastEventId the id that was set last, null when none was
 * @param data its lines, joined by line feeds
 */
record ServerSentEvent(String type, @Nullable String lastEventId, String data) {}
