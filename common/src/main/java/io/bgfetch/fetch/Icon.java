package io.bgfetch.fetch;

import org.jspecify.annotations.Nullable;

/** One image that represents a registration to people: an {@code ImageResource} of the W3C. */
public record Icon(
    String src, @Nullable String sizes, @Nullable String type, @Nullable String label) {}
