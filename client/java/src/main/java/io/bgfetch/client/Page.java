package io.bgfetch.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a {@link Listing}.
 *
 * @param items what is on it, in the list's order
 * @param next the cursor of the page that follows, null on the last one
 * @param <T> what is listed
 */
public record Page<T>(List<T> items, @Nullable String next) {}
