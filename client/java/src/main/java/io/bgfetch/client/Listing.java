package io.bgfetch.client;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A list of any length that is read from the gateway page by page as it is walked, in flat memory.
 * Each walk reads anew; nothing is asked before the first element is wanted. Not for several
 * threads at once.
 *
 * <pre>{@code
 * for (BackgroundFetchRecord record : registration.records("bad-status", "fetch-error")) {
 *   System.out.println(record.request().url() + " " + record.error());
 * }
 * }</pre>
 *
 * @param <T> what is listed
 */
public final class Listing<T> implements Iterable<T> {
  /** The most that one page holds. */
  public static final int MAX_LIMIT = 1000;

  private final Pages<T> pages;

  Listing(Pages<T> pages) {
    this.pages = pages;
  }

  /** Where pages come from. */
  @FunctionalInterface
  interface Pages<T> {
    Page<T> read(int limit, @Nullable String cursor);
  }

  /**
   * One page.
   *
   * @param limit how many at most, 1 to {@value #MAX_LIMIT}
   * @param cursor {@link Page#next()} of the page before, null for the first
   */
  public Page<T> page(int limit, @Nullable String cursor) {
    return pages.read(limit, cursor);
  }

  /** All elements, lazily. */
  public Stream<T> stream() {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(
            iterator(), Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE),
        false);
  }

  @Override
  public Iterator<T> iterator() {
    return new Walk<>(pages);
  }

  private static final class Walk<T> implements Iterator<T> {
    private final Pages<T> pages;
    private Page<T> page;
    private Iterator<T> items;

    Walk(Pages<T> pages) {
      this.pages = pages;
      this.page = pages.read(MAX_LIMIT, null);
      this.items = page.items().iterator();
    }

    @Override
    public boolean hasNext() {
      while (!items.hasNext() && page.next() != null) {
        page = pages.read(MAX_LIMIT, page.next());
        items = page.items().iterator();
      }
      return items.hasNext();
    }

    @Override
    public T next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return items.next();
    }
  }
}
