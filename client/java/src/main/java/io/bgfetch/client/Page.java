package io.bgfetch.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a {@link Listing}.
 *
 * <pre>{@code
 * Page<BackgroundFetchRegistration> first = manager.list().page(20, null);
 * Page<BackgroundFetchRegistration> second = manager.list().page(20, first.next());
 * }</pre>
 *
 * @param items what is on it, in the list's order
 * @param next the cursor of the page that follows, null on the last one
 * @param <T> what is listed
 */
public record Page<T>(List<T> items, @Nullable String next) {}
